// From a file to text: gzip, byte order mark and declared encoding.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ImportError } from './error.ts';

/** The declaration, if there is one, stands within these bytes. */
const SNIFF_BYTES = 512;

/** Bytes read at once. Small, since what a chunk holds is rendered before the next one is read. */
const CHUNK_BYTES = 64 * 1024;

export interface FileText {
  /** Bytes of the file, as it is stored. */
  size: number;
  /** Bytes of them read so far. */
  position(): number;
  chunks: AsyncIterable<string>;
}

/**
 * Opens a file, gzipped or not, as text in the encoding that it declares: by its byte order mark, else by its XML
 * declaration, else UTF-8. Bytes that mean nothing in it become U+FFFD. It is closed when `chunks` ends or is left.
 *
 * @throws ImportError when it cannot be read, at opening or while reading.
 */
export async function openText(path: string): Promise<FileText> {
  const { size, gzipped } = await peek(path);
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  return { size, position: () => file.bytesRead, chunks: decoded(gzipped ? unzipped(file) : file, file) };
}

async function peek(path: string): Promise<{ size: number; gzipped: boolean }> {
  try {
    const handle = await open(path);
    try {
      const start = Buffer.alloc(2);
      await handle.read(start, 0, 2, 0);
      return { size: (await handle.stat()).size, gzipped: start[0] === 0x1f && start[1] === 0x8b };
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unzipped(file: Readable): Readable {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  file.on('error', (error) => gunzip.destroy(error));
  return file.pipe(gunzip);
}

async function* decoded(bytes: Readable, file: Readable): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let start = Buffer.alloc(0);
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      if (decoder) {
        yield decoder.decode(chunk, { stream: true });
        continue;
      }
      start = Buffer.concat([start, chunk]);
      if (start.length < SNIFF_BYTES) continue;
      decoder = decoderFor(start);
      yield decoder.decode(start, { stream: true });
    }
    yield decoder ? decoder.decode() : decoderFor(start).decode(start);
  } catch (cause) {
    throw cause instanceof ImportError ? cause : unreadable(cause);
  } finally {
    file.destroy();
  }
}

function decoderFor(start: Buffer): TextDecoder {
  const encoding = encodingOf(start);
  try {
    return new TextDecoder(encoding);
  } catch (cause) {
    throw new ImportError(`The encoding "${encoding}" is not known here. Save the file as UTF-8.`, 1, { cause });
  }
}

function encodingOf(start: Buffer): string {
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return 'utf-8';
  if (start[0] === 0x3c && start[1] === 0) return 'utf-16le';
  if (start[0] === 0 && start[1] === 0x3c) return 'utf-16be';
  const declared = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']+)["']/.exec(start.toString('latin1', 0, SNIFF_BYTES));
  // A declaration that can be read byte by byte is not in UTF-16, whatever it says.
  return declared?.[1] && !/^utf-?16/i.test(declared[1]) ? declared[1] : 'utf-8';
}

function unreadable(cause: unknown): ImportError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code.startsWith('Z_')) return new ImportError('The gzip file is damaged or cut short.', null, { cause });
  if (code === 'ENOENT') return new ImportError('There is no such file.', null, { cause });
  return new ImportError(`The file cannot be read (${code || String(cause)}).`, null, { cause });
}
