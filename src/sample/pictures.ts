import { bread } from './pictures/bread.ts';
import { bridges } from './pictures/bridges.ts';
import { cursor } from './pictures/cursor.ts';
import { grass } from './pictures/grass.ts';
import { hour } from './pictures/hour.ts';
import { indexEssay } from './pictures/index-essay.ts';
import { lichens } from './pictures/lichens.ts';
import { names } from './pictures/names.ts';
import { inesCalloway, marenHolst, tobiasAdeyemi, wenHarada } from './pictures/portraits.ts';
import { swifts } from './pictures/swifts.ts';
import { tideCurve, tides } from './pictures/tides.ts';
import { tools } from './pictures/tools.ts';

/** The path under which the gateway serves the pictures of the sample content. */
export const SAMPLE_PICTURES_PATH = '/covers/';

const drawings: Record<string, string> = {
  'bread.svg': bread,
  'bridges.svg': bridges,
  'cursor.svg': cursor,
  'grass.svg': grass,
  'hour.svg': hour,
  'index.svg': indexEssay,
  'lichens.svg': lichens,
  'names.svg': names,
  'swifts.svg': swifts,
  'tide-curve.svg': tideCurve,
  'tides.svg': tides,
  'tools.svg': tools,
  'ines-calloway.svg': inesCalloway,
  'maren-holst.svg': marenHolst,
  'tobias-adeyemi.svg': tobiasAdeyemi,
  'wen-harada.svg': wenHarada,
};

/** Covers, figures and portraits of the sample content, by the path of their URL. */
export const samplePictures: ReadonlyMap<string, { type: string; body: string }> = new Map(
  Object.entries(drawings).map(([name, body]) => [SAMPLE_PICTURES_PATH + name, { type: 'image/svg+xml', body }]),
);
