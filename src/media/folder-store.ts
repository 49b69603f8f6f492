import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OpenFile, PictureStore, StoreState } from './picture-store.ts';
import { folderError } from './store-error.ts';
import { tryStore } from './try-store.ts';

/** Keeps pictures in a folder, below folders of the first two characters of their names. */
export class FolderStore implements PictureStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async open(name: string): Promise<OpenFile | null> {
    const file = await open(this.#pathOf(name)).catch(missing);
    if (file === null) return null;
    const { size } = await file.stat().catch(folderFailed);
    return { size, stream: (range) => file.createReadStream(range ?? {}), close: () => file.close() };
  }

  async has(name: string): Promise<boolean> {
    return (await stat(this.#pathOf(name)).catch(missing)) !== null;
  }

  async write(name: string, bytes: Buffer): Promise<void> {
    const path = this.#pathOf(name);
    if (await this.has(name)) return;
    await writeComplete(path, bytes).catch(folderFailed);
  }

  async remove(name: string): Promise<void> {
    await rm(this.#pathOf(name), { force: true }).catch(folderFailed);
  }

  async removeStale(): Promise<number> {
    let removed = 0;
    for (const path of (await readdir(this.#folder, { recursive: true }).catch(missing)) ?? []) {
      if (!PARTIAL.test(path)) continue;
      const file = join(this.#folder, path);
      const { mtimeMs } = (await stat(file).catch(missing)) ?? { mtimeMs: Date.now() };
      if (Date.now() - mtimeMs < STALE_AFTER) continue;
      await rm(file, { force: true }).catch(folderFailed);
      removed += 1;
    }
    return removed;
  }

  /** Leaves nothing, not even the folder where there is none yet. */
  async check(): Promise<StoreState> {
    const place = this.#folder;
    let present = place;
    while ((await stat(present).catch(missing)) === null) present = dirname(present);
    if (present === place) await tryStore(new FlatFolder(place));
    else await access(present, constants.W_OK).catch(folderFailed);
    const { bavail, bsize } = await statfs(present).catch(folderFailed);
    return { place, free: bavail * bsize };
  }

  async close(): Promise<void> {}

  #pathOf(name: string): string {
    // Names come from addresses. Callers check them; a path out of the folder would be a fault with consequences.
    if (!/^[\w-]+(\.\w+)+$/.test(name)) throw new Error('This is no name of a picture.');
    return join(this.folderOf(name), name);
  }

  /** The folder of a file. */
  protected folderOf(name: string): string {
    return join(this.#folder, name.slice(0, 2));
  }
}

/** Keeps pictures in one folder, as a site serves them. */
export class FlatFolder extends FolderStore {
  readonly #path: string;

  constructor(folder: string) {
    super(folder);
    this.#path = folder;
  }

  protected override folderOf(): string {
    return this.#path;
  }
}

/** The name of a file that is not complete. */
const PARTIAL = /\.[0-9a-f-]{36}\.partial$/;
/** Milliseconds after which nobody writes such a file any more. */
const STALE_AFTER = 86_400_000;

async function writeComplete(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    await writeDurably(partial, bytes);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

async function writeDurably(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The name is lost in a power failure unless the folder is written, too. Not all systems can do that. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path).catch(() => null);
  await folder?.sync().catch(() => {});
  await folder?.close();
}

function missing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  return folderFailed(error);
}

function folderFailed(error: unknown): never {
  throw folderError(error);
}
