import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ImportError } from './import-error.ts';
import type { InputFile } from './input-file.ts';

/** Bytes at the start of a file in which an XML declaration is searched for. */
const DECLARATION_BYTES = 8 * 1024;

/** Bytes per read. Small, because the articles of one chunk are rendered before the next chunk is read. */
const CHUNK_BYTES = 64 * 1024;

/** First bytes of an archive in hexadecimal, and those of an empty one. */
const ZIP_MARKS = ['504b0304', '504b0506'];

/** Bytes from which a file may not be many times as large as its compressed form: the text of a site is never. */
const MIN_BOMB_BYTES = 64 * 1024 * 1024;
const MAX_EXPANSION = 200;

interface TextFile {
  /** Bytes of the file, as far as `position` counts them. */
  size: number;
  /** Bytes of the file read so far. */
  position(): number;
  chunks: AsyncIterable<string>;
}

/**
 * Opens a plain or gzipped file, or one in an archive, as text. The encoding is that of the byte order mark, else that of the XML
 * declaration, else UTF-8. Undecodable bytes become U+FFFD. The file is closed when the loop over `chunks` ends.
 *
 * @throws ImportError if the file cannot be opened, and from `chunks` if it cannot be read or decoded
 */
export async function openTextFile(file: InputFile): Promise<TextFile> {
  const size = typeof file === 'string' ? await sizeOf(file) : file.size;
  const read = { bytes: 0 };
  return { size, position: () => read.bytes, chunks: decodeChunks(unzipped(file, read)) };
}

/** The bytes of a plain or gzipped file, or of one in an archive. */
export function fileBytes(file: InputFile): AsyncIterable<Buffer> {
  return unzipped(file, { bytes: 0 });
}

/** Whether a file begins as a zip archive does. */
export async function isZip(path: string): Promise<boolean> {
  const handle = await open(path).catch(() => null);
  if (!handle) return false;
  try {
    const start = Buffer.alloc(4);
    const { bytesRead } = await handle.read(start, 0, 4, 0);
    return bytesRead === 4 && ZIP_MARKS.includes(start.toString('hex'));
  } catch {
    // A folder cannot be read.
    return false;
  } finally {
    await handle.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    const { size } = await stat(path);
    return size;
  } catch (cause) {
    throw readFailure(cause);
  }
}

/** The content, whether or not it is gzipped. */
async function* unzipped(file: InputFile, read: { bytes: number }): AsyncGenerator<Buffer> {
  if (typeof file !== 'string') requireNoBomb(file.size, file.compressedSize);
  const chunks = countedChunks(file, read);
  const first = await chunks.next();
  if (first.done) return;
  const whole = (async function* () {
    yield first.value;
    yield* chunks;
  })();
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) {
    yield* whole;
    return;
  }
  let expanded = 0;
  for await (const chunk of gunzip(whole)) {
    expanded += chunk.length;
    requireNoBomb(expanded, read.bytes);
    yield chunk;
  }
}

async function* countedChunks(file: InputFile, read: { bytes: number }): AsyncGenerator<Buffer> {
  const chunks = typeof file === 'string' ? createReadStream(file, { highWaterMark: CHUNK_BYTES }) : file.chunks();
  for await (const chunk of chunks as AsyncIterable<Buffer>) {
    read.bytes += chunk.length;
    yield chunk;
  }
}

function gunzip(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const stream = createGunzip({ chunkSize: CHUNK_BYTES });
  // An error of the source ends the stream, and so the loop over it.
  pipeline(Readable.from(chunks), stream, () => {});
  return stream;
}

function requireNoBomb(expanded: number, compressed: number): void {
  if (expanded <= MIN_BOMB_BYTES || expanded <= compressed * MAX_EXPANSION) return;
  throw new ImportError(
    `the file is more than ${MAX_EXPANSION} times as large as its compressed form, as a zip bomb is. Unpack it, and import what is in it.`,
  );
}

async function* decodeChunks(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let start = Buffer.alloc(0);
  try {
    for await (const chunk of bytes) {
      if (decoder) {
        yield decoder.decode(chunk, { stream: true });
        continue;
      }
      start = Buffer.concat([start, chunk]);
      if (start.length < DECLARATION_BYTES) continue;
      decoder = createDecoder(start);
      yield decoder.decode(start, { stream: true });
    }
    yield decoder ? decoder.decode() : createDecoder(start).decode(start);
  } catch (cause) {
    throw cause instanceof ImportError ? cause : readFailure(cause);
  }
}

function createDecoder(start: Buffer): TextDecoder {
  const encoding = detectEncoding(start);
  try {
    return new TextDecoder(encoding);
  } catch (cause) {
    throw new ImportError(`The encoding "${encoding}" is not supported. Save the file as UTF-8.`, 1, { cause });
  }
}

function detectEncoding(start: Buffer): string {
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return 'utf-8';
  if (start[0] !== 0 && start[1] === 0) return 'utf-16le';
  if (start[0] === 0 && start[1] !== 0) return 'utf-16be';
  const head = start.toString('latin1', 0, DECLARATION_BYTES);
  const declared = /<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"']+)["']/.exec(head)?.[1];
  // A declaration that is readable as single bytes is not in UTF-16, even if it declares it.
  return declared && !/^utf-?16/i.test(declared) ? declared : 'utf-8';
}

function readFailure(cause: unknown): ImportError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code.startsWith('Z_')) return new ImportError('The gzip file is damaged or truncated.', null, { cause });
  if (code === 'ENOENT') return new ImportError('The file does not exist.', null, { cause });
  return new ImportError(`The file cannot be read (${code || String(cause)}).`, null, { cause });
}
