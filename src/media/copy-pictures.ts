import type pg from 'pg';
import { FolderStore } from './folder-store.ts';
import { pictureNames } from './picture-rows.ts';
import type { Pictures } from './pictures.ts';

interface CopyOptions {
  /** Null when pictures are not kept. */
  pictures: Pictures | null;
  folder: string;
  signal: AbortSignal | undefined;
}

/** Pictures that are there now, and those whose files are missing. */
export interface CopiedPictures {
  copied: number;
  missing: number;
}

/** Copies the files of all pictures into a folder, but for those that it has. */
export async function copyPictures(client: pg.ClientBase, options: CopyOptions): Promise<CopiedPictures> {
  const { pictures, folder, signal } = options;
  const counted = { copied: 0, missing: 0 };
  const target = new FolderStore(folder);
  await target.removeStale();
  for await (const name of pictureNames(client)) {
    signal?.throwIfAborted();
    const isCopied = pictures !== null && (await pictures.copyTo(target, name));
    counted[isCopied ? 'copied' : 'missing'] += 1;
  }
  return counted;
}

/** Takes the files of all pictures from a folder, where they are what their names say, but for those that are kept. */
export async function restorePictures(
  client: pg.ClientBase,
  { pictures, folder, signal }: CopyOptions & { pictures: Pictures },
): Promise<CopiedPictures> {
  const counted = { copied: 0, missing: 0 };
  const source = new FolderStore(folder);
  for await (const name of pictureNames(client)) {
    signal?.throwIfAborted();
    counted[(await pictures.restore(source, name)) ? 'copied' : 'missing'] += 1;
  }
  return counted;
}
