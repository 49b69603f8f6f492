import type { ContentStager } from './content-stager.ts';
import type { ImportedFile, ImportOptions } from './import-site.ts';
import type { InputFile } from './input-file.ts';
import type { Progress } from './progress.ts';
import type { ImportReport } from './report.ts';

/** What an operator says about the files. */
export interface ImportRequest extends ImportOptions {
  /** Files, folders, or files of archives. */
  files: readonly InputFile[];
  /** Imports pages as articles. @default false */
  pages?: boolean;
  /** The address of the imported site, for formats whose files do not name it. */
  site?: string;
}

/** The beginning of a file, by which its format is recognised. */
export interface FileStart {
  file: InputFile;
  /** The path is a folder. */
  isFolder: boolean;
  /** The first characters of the file, decoded and unzipped; empty for a folder. */
  text: string;
}

/** An import format: how its files are recognised, and how they are imported. */
export interface ImportFormat {
  /** Its name in the command, such as `ghost`. */
  name: string;
  /** Describes its files, for the operator. */
  files: string;
  detects(start: FileStart): boolean;
  /** Whether a file of an archive belongs to the format by its path, as one of a folder does. */
  includes?(path: string): boolean;
  import(request: ImportRequest): Promise<ImportReport>;
}

/** What the reader of a format gets. */
export interface ReadTarget {
  content: ContentStager;
  progress: Progress;
}

export type ReadFiles = (request: ImportRequest, target: ReadTarget) => Promise<ImportedFile>;
