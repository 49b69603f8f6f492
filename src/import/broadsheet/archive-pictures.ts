import type pg from 'pg';
import { mediaFolderOf } from '../../archive/index.ts';
import { FolderStore, KEEP_PICTURE, type Pictures, StoreError } from '../../media/index.ts';
import type { InputFile } from '../input-file.ts';
import type { Progress } from '../progress.ts';
import type { ReportBuilder } from '../report.ts';

interface ArchivePicturesOptions {
  /** A connection that is in no transaction. */
  client: pg.ClientBase;
  /** The archive. */
  file: InputFile;
  /** Null when pictures are not kept here. */
  pictures: Pictures | null;
  report: ReportBuilder;
  progress: Progress;
  signal: AbortSignal | undefined;
}

/** Pictures after which the progress is shown. */
const REPORTED_EVERY = 100;

/**
 * Copies the files of pictures from the folder beside an archive. The row of each is committed before its file is written, and apart from
 * the archive: whatever ends the import, no file is left without a row, which the job that removes unused pictures would not find.
 */
export class ArchivePictures {
  readonly #options: ArchivePicturesOptions;
  readonly #source: FolderStore | null;
  #copied = 0;

  constructor(options: ArchivePicturesOptions) {
    this.#options = options;
    this.#source = typeof options.file === 'string' ? new FolderStore(mediaFolderOf(options.file)) : null;
  }

  /** Copies those that are not here yet, and reports those that cannot be had. */
  async copy(names: readonly string[]): Promise<void> {
    const { report, progress, signal } = this.#options;
    for (const name of names) {
      signal?.throwIfAborted();
      const failure = await this.#copyOne(name);
      if (failure !== null) report.addNote(failure, { id: name, title: '', line: 0 });
      else if (++this.#copied % REPORTED_EVERY === 0) progress.reportStep(`copying pictures, ${this.#copied} so far`);
    }
  }

  /** @returns why the picture is not here now; null when it is */
  async #copyOne(name: string): Promise<string | null> {
    const { client, pictures } = this.#options;
    if (!pictures) return 'pictures were not copied: MEDIA names no folder or bucket for them';
    const record = async (size: number): Promise<void> => {
      await client.query(KEEP_PICTURE, [name, size]);
    };
    try {
      if (this.#source && (await pictures.restore(this.#source, name, record))) return null;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return `pictures were not copied: ${error.message}`;
    }
    return 'pictures have no file, or a damaged one, in the folder beside the archive';
  }
}
