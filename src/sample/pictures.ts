/** The path under which the gateway serves the pictures of the sample content. */
export const SAMPLE_PICTURES_PATH = '/covers/';

const drawings: Record<string, () => Promise<string>> = {
  'bread.svg': async () => (await import('./pictures/bread.ts')).bread,
  'bridges.svg': async () => (await import('./pictures/bridges.ts')).bridges,
  'cursor.svg': async () => (await import('./pictures/cursor.ts')).cursor,
  'grass.svg': async () => (await import('./pictures/grass.ts')).grass,
  'hour.svg': async () => (await import('./pictures/hour.ts')).hour,
  'index.svg': async () => (await import('./pictures/index-essay.ts')).indexEssay,
  'lichens.svg': async () => (await import('./pictures/lichens.ts')).lichens,
  'names.svg': async () => (await import('./pictures/names.ts')).names,
  'swifts.svg': async () => (await import('./pictures/swifts.ts')).swifts,
  'tide-curve.svg': async () => (await import('./pictures/tides.ts')).tideCurve,
  'tides.svg': async () => (await import('./pictures/tides.ts')).tides,
  'tools.svg': async () => (await import('./pictures/tools.ts')).tools,
  'ines-calloway.svg': async () => (await import('./pictures/portraits.ts')).inesCalloway,
  'maren-holst.svg': async () => (await import('./pictures/portraits.ts')).marenHolst,
  'tobias-adeyemi.svg': async () => (await import('./pictures/portraits.ts')).tobiasAdeyemi,
  'wen-harada.svg': async () => (await import('./pictures/portraits.ts')).wenHarada,
};

/** Covers, figures and portraits of the sample content, by the path of their URL. Each is drawn when it is first asked for. */
export const samplePictures: ReadonlyMap<string, () => Promise<{ type: string; body: string }>> = new Map(
  Object.entries(drawings).map(([name, draw]) => [
    SAMPLE_PICTURES_PATH + name,
    async () => ({ type: 'image/svg+xml', body: await draw() }),
  ]),
);
