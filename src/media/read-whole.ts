import { buffer } from 'node:stream/consumers';
import type { OpenFile } from './picture-store.ts';
import { StoreError } from './store-error.ts';

/** All bytes of a file. @throws StoreError if it ends early */
export async function readWhole(file: OpenFile): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await buffer(file.stream());
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    const { code = 'ECONNRESET', message } = cause as NodeJS.ErrnoException;
    throw new StoreError(`A picture cannot be read from its store: ${message}.`, { code, cause });
  }
  if (bytes.length !== file.size) throw new StoreError('A picture ends early in its store.', { code: 'ECONNRESET' });
  return bytes;
}
