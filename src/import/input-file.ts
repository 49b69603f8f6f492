import { basename } from 'node:path';
import { ImportError } from './import-error.ts';
import type { ZippedFile } from './zip-archive.ts';

/** A file to import: the path of one on disk, or of a folder, or one in an archive. */
export type InputFile = string | ZippedFile;

/** How messages name a file. */
export function nameOf(file: InputFile): string {
  return String(file);
}

/** The last part of the path: of a file in an archive, that in the archive. */
export function baseNameOf(file: InputFile): string {
  return basename(typeof file === 'string' ? file : file.name);
}

/** An error about a file, with the name of the file if there are others it could be about. */
export function aboutFile(error: unknown, file: InputFile, files: readonly InputFile[]): unknown {
  const isNamed = !(error instanceof ImportError) || error.file !== null;
  return isNamed || (files.length === 1 && typeof file === 'string') ? error : error.inFile(nameOf(file));
}
