import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ImportError } from './import-error.ts';

/** Bytes at the start of a file in which an XML declaration is searched for. */
const DECLARATION_BYTES = 8 * 1024;

/** Bytes per read. Small, because the articles of one chunk are rendered before the next chunk is read. */
const CHUNK_BYTES = 64 * 1024;

interface TextFile {
  /** Bytes of the file on disk. */
  size: number;
  /** Bytes of the file read so far. */
  position(): number;
  chunks: AsyncIterable<string>;
}

/**
 * Opens a plain or gzipped file as text. The encoding is that of the byte order mark, else that of the XML
 * declaration, else UTF-8. Undecodable bytes become U+FFFD. The file is closed when the loop over `chunks` ends.
 *
 * @throws ImportError if the file cannot be opened, and from `chunks` if it cannot be read or decoded
 */
export async function openTextFile(path: string): Promise<TextFile> {
  const { size, isGzipped } = await inspectFile(path);
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  return { size, position: () => file.bytesRead, chunks: decodeChunks(isGzipped ? gunzip(file) : file, file) };
}

async function inspectFile(path: string): Promise<{ size: number; isGzipped: boolean }> {
  try {
    const handle = await open(path);
    try {
      const start = Buffer.alloc(2);
      await handle.read(start, 0, 2, 0);
      return { size: (await handle.stat()).size, isGzipped: start[0] === 0x1f && start[1] === 0x8b };
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw readFailure(cause);
  }
}

function gunzip(file: Readable): Readable {
  const stream = createGunzip({ chunkSize: CHUNK_BYTES });
  file.on('error', (error) => stream.destroy(error));
  return file.pipe(stream);
}

async function* decodeChunks(bytes: Readable, file: Readable): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let start = Buffer.alloc(0);
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
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
  } finally {
    file.destroy();
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
