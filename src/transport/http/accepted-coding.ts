type Coding = 'gzip' | 'identity';

/**
 * Chooses the coding of a response that is kept in gzip, by the header `Accept-Encoding` (RFC 9110, 12.5.3). Pure.
 * @returns null when the client accepts neither
 */
export function acceptedCoding(header: string | undefined): Coding | null {
  // Without the header any coding may be sent, but such clients seldom decode one.
  if (header === undefined) return 'identity';
  const weights = readWeights(header);
  const any = weights.get('*');
  const gzip = weights.get('gzip') ?? weights.get('x-gzip') ?? any ?? 0;
  const identity = weights.get('identity') ?? any;
  if (gzip > 0 && gzip >= (weights.get('identity') ?? 0)) return 'gzip';
  // What is not named stays acceptable.
  return identity === undefined || identity > 0 ? 'identity' : null;
}

/** The weight of each coding in the header, 0 to 1. */
function readWeights(header: string): ReadonlyMap<string, number> {
  return new Map(
    header
      .toLowerCase()
      .split(',')
      .map((item) => {
        const [coding, ...parameters] = item.split(';').map((part) => part.trim());
        const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
        return [coding!, weight === undefined ? 1 : Number(weight) || 0];
      }),
  );
}
