import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ImportError } from '../import-error.ts';
import { PictureFailure } from './picture-failure.ts';

/** A file that may be a picture. */
export interface FoundFile {
  path: string;
  /** Changes when the file does. */
  state: string;
  /** Bytes. */
  size: number;
  read(): Promise<Buffer>;
}

/** A place on disk in which pictures are looked for. */
export interface PicturePlace {
  /**
   * The file of an address: the one at its path, else at the longest end of its path.
   * @param least parts of the path that must be the same
   */
  find(path: string, least: number): Promise<FoundFile | null>;
}

/** Folders in which generators have what they serve. */
const SERVED = ['', 'static', 'public', 'content', 'source', 'src'];

/** Parts of a path that are compared with the folder. */
const MAX_PARTS = 20;

/** Finds pictures in a folder by their addresses. */
export class FolderPictures implements PicturePlace {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  /** @throws ImportError if it is no folder */
  static async open(path: string): Promise<FolderPictures> {
    const root = await realpath(path).catch(() => null);
    if (root === null || !(await stat(root)).isDirectory())
      throw new ImportError(`--media ${path} is no folder, and no zip archive.`);
    return new FolderPictures(root);
  }

  find(path: string, least: number): Promise<FoundFile | null> {
    return findFile(path, least, (part) => fileIn(this.#root, part));
  }
}

/** @param fileAt gives the file at a path in the place */
export async function findFile(
  path: string,
  least: number,
  fileAt: (path: string) => Promise<FoundFile | null>,
): Promise<FoundFile | null> {
  const parts = partsOf(path);
  if (parts === null) return null;
  for (let from = 0; from <= parts.length - least; from += 1)
    for (const folder of SERVED) {
      const found = await fileAt(join(folder, ...parts.slice(from)));
      if (found) return found;
    }
  return null;
}

/** A file in a folder; null if there is none, and for one that a link leads to elsewhere. */
export async function fileIn(root: string, path: string): Promise<FoundFile | null> {
  for (const form of new Set([path, path.normalize('NFC'), path.normalize('NFD')])) {
    const real = await realpath(join(root, form)).catch(() => null);
    if (real === null || !real.startsWith(root.endsWith(sep) ? root : root + sep)) continue;
    const found = await stat(real);
    const state = `${found.size} ${Math.floor(found.mtimeMs)}`;
    if (found.isFile()) return { path: real, state, size: found.size, read: () => readFile(real) };
  }
  return null;
}

/** @throws PictureFailure */
export async function readFound(file: FoundFile, maxSize: number): Promise<Buffer> {
  if (file.size > maxSize) throw new PictureFailure(`larger than ${maxSize / 1_000_000} MB`);
  return file.read();
}

/** The decoded parts of a path; null for one that leads upwards. */
function partsOf(path: string): string[] | null {
  const parts = decodedPath(path)
    ?.split('/')
    .filter((part) => part !== '' && part !== '.');
  return parts && parts.length > 0 && parts.length <= MAX_PARTS && !parts.includes('..') ? parts : null;
}

/** Null for a path that is none on disk. */
export function decodedPath(path: string): string | null {
  try {
    const decoded = path.split('/').map(decodeURIComponent);
    return decoded.some((part) => /[/\\\0]/.test(part)) ? null : decoded.join('/');
  } catch {
    return null;
  }
}
