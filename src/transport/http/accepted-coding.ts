import { remembered } from './remembered.ts';

/** A coding of bodies (RFC 9110, 8.4.1). */
export type Coding = 'br' | 'zstd' | 'gzip' | 'identity';

/**
 * Chooses the coding of a response by the header `Accept-Encoding` (RFC 9110, 12.5.3). Pure.
 * @param available besides identity, the best first
 * @returns null when the client accepts none of them
 */
export function acceptedCoding(header: string | undefined, available: readonly Coding[]): Coding | null {
  // Without the header any coding may be sent, but such clients seldom decode one.
  if (header === undefined) return 'identity';
  const weights = weightsOf(header);
  const any = weights.get('*');
  const weightOf = (coding: Coding): number =>
    weights.get(coding) ?? (coding === 'gzip' ? weights.get('x-gzip') : undefined) ?? any ?? 0;
  const best = available.reduce<Coding | null>(
    (chosen, coding) => (weightOf(coding) > (chosen ? weightOf(chosen) : 0) ? coding : chosen),
    null,
  );
  if (best && weightOf(best) >= (weights.get('identity') ?? 0)) return best;
  // What is not named stays acceptable.
  const identity = weights.get('identity') ?? any;
  return identity === undefined || identity > 0 ? 'identity' : best;
}

const weightsOf = remembered(readWeights, { size: 30_000, length: 300 });

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
