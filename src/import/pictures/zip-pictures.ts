import { posix } from 'node:path';
import { ImportError } from '../import-error.ts';
import { ZipArchive, type ZippedFile } from '../zip-archive.ts';
import { type FoundFile, findFile, type PicturePlace } from './folder-pictures.ts';
import { PictureFailure } from './picture-failure.ts';

/** Finds pictures in a zip archive by their addresses. */
export class ZipPictures implements PicturePlace {
  readonly #archive: ZipArchive;
  readonly #files: ReadonlyMap<string, ZippedFile>;
  #lastRead: Promise<unknown> = Promise.resolve();

  private constructor(archive: ZipArchive) {
    this.#archive = archive;
    const [root = ''] = /^[^/]*\//.exec(archive.files[0]?.name ?? '') ?? [];
    const isCommon = root !== '' && archive.files.every(({ name }) => name.startsWith(root));
    this.#files = new Map(
      archive.files.flatMap((file) => [
        // Commonly the folder of the site is in the archive, and all else in that.
        ...(isCommon ? [[file.name.slice(root.length).normalize(), file] as const] : []),
        [file.name.normalize(), file] as const,
      ]),
    );
  }

  /** @throws ImportError */
  static async open(path: string): Promise<ZipPictures> {
    return new ZipPictures(await ZipArchive.open(path));
  }

  find(path: string, least: number): Promise<FoundFile | null> {
    return findFile(path, least, (part) => this.fileAt(part));
  }

  async fileAt(path: string): Promise<FoundFile | null> {
    const file = this.#files.get(posix.normalize(path.replaceAll('\\', '/')).normalize());
    if (!file) return null;
    const { size, checksum } = file;
    return { path: String(file), state: `${size} ${checksum}`, size, read: () => this.#read(file) };
  }

  /** One after another: the archive's library fails when one of several streams ends early while it waits for its turn. */
  #read(file: ZippedFile): Promise<Buffer> {
    const reading = this.#lastRead.then(() => readZipped(file));
    this.#lastRead = reading.catch(() => {});
    return reading;
  }

  close(): void {
    this.#archive.close();
  }
}

async function readZipped(file: ZippedFile): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    // A file that is larger than the archive says ends with an error.
    for await (const chunk of file.chunks()) chunks.push(chunk);
  } catch (cause) {
    if (!(cause instanceof ImportError)) throw cause;
    throw new PictureFailure(cause.message.replace(/\.$/, ''), { cause });
  }
  return Buffer.concat(chunks);
}
