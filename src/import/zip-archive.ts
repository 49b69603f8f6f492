import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { ImportError } from './import-error.ts';

/** Entries of one archive. Their names are kept in memory. */
const MAX_ENTRIES = 100_000;

/** What systems add to the archives that they make. */
const NOISE = /(?:^|\/)(?:__MACOSX\/|\.|Thumbs\.db$|desktop\.ini$)/i;

/**
 * A zip file whose entries are read where they are. Nothing is written to disk, so a path that leads out of the archive leads
 * nowhere; such an archive is refused nevertheless.
 */
export class ZipArchive {
  readonly path: string;
  /** Without folders, in the order of their names. */
  readonly files: readonly ZippedFile[];
  readonly #zip: ZipFile;

  private constructor(path: string, zip: ZipFile, entries: readonly Entry[]) {
    this.path = path;
    this.#zip = zip;
    this.files = entries
      .map((entry) => new ZippedFile(this, zip, entry))
      .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  }

  /** @throws ImportError if the archive is damaged, has files that overlap, or a path that leads out of it */
  static async open(path: string): Promise<ZipArchive> {
    let zip: ZipFile | undefined;
    try {
      zip = await yauzl.openPromise(path, { autoClose: false });
      if (zip.entryCount > MAX_ENTRIES) throw new ImportError(`has more than ${MAX_ENTRIES} files`);
      const entries: Entry[] = [];
      let compressed = 0;
      for await (const entry of zip.eachEntry()) {
        compressed += entry.compressedSize;
        // Files that share their bytes make a small archive expand to any size.
        if (compressed > zip.fileSize) throw new ImportError('its files overlap, as in a zip bomb');
        if (!entry.fileName.endsWith('/') && !NOISE.test(entry.fileName)) entries.push(entry);
      }
      return new ZipArchive(path, zip, entries);
    } catch (error) {
      zip?.close();
      throw failure(error).inFile(path);
    }
  }

  close(): void {
    this.#zip.close();
  }
}

/** A file in an archive. */
export class ZippedFile {
  readonly archive: ZipArchive;
  readonly #zip: ZipFile;
  readonly #entry: Entry;

  constructor(archive: ZipArchive, zip: ZipFile, entry: Entry) {
    this.archive = archive;
    this.#zip = zip;
    this.#entry = entry;
  }

  /** Its path in the archive. */
  get name(): string {
    return this.#entry.fileName;
  }

  /** Bytes of its content. */
  get size(): number {
    return this.#entry.uncompressedSize;
  }

  get compressedSize(): number {
    return this.#entry.compressedSize;
  }

  /** CRC-32 of its content. */
  get checksum(): number {
    return this.#entry.crc32;
  }

  toString(): string {
    return `${this.archive.path}, ${this.name}`;
  }

  /** @throws ImportError if the content is encrypted, of an unknown compression, or damaged */
  async *chunks(): AsyncGenerator<Buffer> {
    const entry = this.#entry;
    if (entry.isEncrypted())
      throw new ImportError('the file is encrypted. Unpack the archive, and import the files in it.');
    let checksum = 0;
    let stream: Readable | undefined;
    try {
      stream = await this.#zip.openReadStreamPromise(entry);
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        checksum = crc32(chunk, checksum);
        yield chunk;
      }
    } catch (error) {
      throw failure(error);
    } finally {
      stream?.destroy();
    }
    if (checksum !== entry.crc32) throw new ImportError('the archive is damaged: the content has another checksum.');
  }
}

function failure(error: unknown): ImportError {
  if (error instanceof ImportError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (/^(invalid relative path|absolute path|invalid characters in fileName)/.test(reason))
    return new ImportError(`has a path that leads out of the archive (${reason})`, null, { cause: error });
  return new ImportError(`the zip archive is damaged or incomplete (${reason})`, null, { cause: error });
}
