import type { ByteRange } from '../../../media/index.ts';

/**
 * The part of a file that a `Range` header asks for (RFC 9110, 14.2). Null for the whole file: without the header, for one
 * that is not understood, and for several parts, which servers may answer so.
 */
export function readRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | null {
  const [, first, last] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return null;
  if (first === '')
    return Number(last) === 0 ? 'unsatisfiable' : { start: Math.max(0, size - Number(last)), end: size - 1 };
  const range = { start: Number(first), end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
  if (last !== '' && Number(last) < range.start) return null;
  return range.start < size ? range : 'unsatisfiable';
}
