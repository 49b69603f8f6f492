import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderStore } from '../src/media/folder-store.ts';

const NAME = '0123456789abcdef0123456789abcdef-40x30.png';

let folder: string;
let store: FolderStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pictures '));
  store = new FolderStore(folder);
});

afterEach(() => rm(folder, { recursive: true }));

describe('a folder of pictures', () => {
  it('is checked without a trace, and where it is not there yet, too', async () => {
    expect(await store.check()).toEqual({ place: folder, free: expect.any(Number) });
    const later = new FolderStore(join(folder, 'a/b'));
    expect((await later.check()).free).toBeGreaterThan(0);
    expect(await readdir(folder)).toEqual([]);
  });

  it('says what is wrong with it', async () => {
    await writeFile(join(folder, '01'), '');
    const failed = { name: 'StoreError', message: expect.stringContaining('folder of pictures cannot be used') };
    await expect(store.write(NAME, Buffer.from('x'))).rejects.toMatchObject(failed);
    await expect(store.open(NAME)).rejects.toMatchObject({ ...failed, code: 'ENOTDIR' });
    await expect(new FolderStore(join(folder, '01')).check()).rejects.toMatchObject(failed);
  });

  it('loses what an ended process left a day ago, and nothing else', async () => {
    await store.write(NAME, Buffer.from('x'));
    const id = '11111111-2222-3333-4444-555555555555';
    await mkdir(join(folder, '02'));
    const old = [`01/${NAME}.${id}.partial`, `02/${NAME}.${id}.partial`, '02/notes.partial'];
    const files = [...old, `01/${NAME}.${id.replace('1', '2')}.partial`];
    for (const file of files) await writeFile(join(folder, file), 'half');
    const before = new Date(Date.now() - 2 * 86_400_000);
    for (const file of [...old, `01/${NAME}`]) await utimes(join(folder, file), before, before);
    expect(await store.removeStale()).toBe(2);
    const left = await readdir(folder, { recursive: true });
    expect(left.filter((file) => file.includes('.')).sort()).toEqual([`01/${NAME}`, files[3], '02/notes.partial']);
    expect(await new FolderStore(join(folder, 'none')).removeStale()).toBe(0);
  });
});
