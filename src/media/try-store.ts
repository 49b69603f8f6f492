import { randomUUID } from 'node:crypto';
import type { PictureStore } from './picture-store.ts';
import { readWhole } from './read-whole.ts';
import { StoreError } from './store-error.ts';

/** Writes a file into a store, reads it and removes it. @throws StoreError */
export async function tryStore(store: PictureStore): Promise<void> {
  const name = `check-${randomUUID()}.txt`;
  const bytes = Buffer.from(name);
  // First what is not there: some stores answer that it is forbidden.
  await store.has(name);
  await store.write(name, bytes);
  try {
    const file = await store.open(name);
    const read = file && (await readWhole(file));
    if (!read?.equals(bytes))
      throw new StoreError('The store of pictures has not what was written to it.', { code: 'Lost' });
  } finally {
    await store.remove(name);
  }
}
