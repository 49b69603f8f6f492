import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import type { CachedResponse, ResponseCache } from '../../response-cache/index.ts';
import type { Coding } from './accepted-coding.ts';

/** Bytes from which a body is sent in a coding: a shorter one fits in a packet as it is. */
const WORTH_CODING = 1_000;

/** Quality of Brotli that takes about as long as gzip's default, and gives less. */
const BROTLI_QUALITY = 5;

type Encode = (body: Buffer) => Promise<Buffer>;

/** Since Node.js 22.15. */
const { zstdCompress } = zlib as {
  zstdCompress?: (body: Buffer, done: (error: Error | null, coded: Buffer) => void) => void;
};

/** On the threads of libuv, so that large bodies delay nobody. */
const ENCODERS: ReadonlyMap<Coding, Encode> = new Map<Coding, Encode>([
  [
    'br',
    (body) =>
      promisify(
        zlib.brotliCompress as (body: Buffer, options: zlib.BrotliOptions, done: zlib.CompressCallback) => void,
      )(body, {
        params: {
          [zlib.constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
          [zlib.constants.BROTLI_PARAM_SIZE_HINT]: body.length,
        },
      }),
  ],
  ...(zstdCompress ? [['zstd', promisify(zstdCompress)] as const] : []),
  ['gzip', promisify(zlib.gzip as (body: Buffer, done: zlib.CompressCallback) => void)],
]);

const CODINGS: readonly Coding[] = [...ENCODERS.keys()];

/** The codings of a body, the best first. */
export function codingsOf({ length }: Buffer): readonly Coding[] {
  return length < WORTH_CODING ? [] : CODINGS;
}

/** Bodies that are being encoded. */
const encoding = new WeakMap<CachedResponse, Map<Coding, Promise<Buffer>>>();

/** The body of an entry in a coding, made once. */
export function codedBody(
  cache: ResponseCache,
  { key, entry, coding }: { key: string; entry: CachedResponse; coding: Coding },
): Buffer | Promise<Buffer> {
  const known = coding === 'identity' ? entry.body : entry.coded.get(coding);
  if (known) return known;
  const running = encoding.get(entry) ?? new Map<Coding, Promise<Buffer>>();
  encoding.set(entry, running);
  let coded = running.get(coding);
  if (!coded) {
    coded = ENCODERS.get(coding)!(entry.body).then((body) => cache.addCoded(key, entry, coding, body));
    running.set(coding, coded);
  }
  return coded;
}
