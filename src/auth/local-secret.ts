import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes; twice what HS256 asks for at least. */
const SECRET_SIZE = 64;

function placeOf(dataDir: string): string {
  return join(dataDir, 'token-secret');
}

/** The secret that signs tokens for trying things out, or null while there is none. */
export async function readLocalSecret(dataDir: string): Promise<Buffer | null> {
  try {
    return await readFile(placeOf(dataDir));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The same secret, made when there is none: a file that its owner alone may read. */
export async function ensureLocalSecret(dataDir: string): Promise<Buffer> {
  await mkdir(dataDir, { recursive: true });
  const written = `${placeOf(dataDir)}.${process.pid}`;
  await writeFile(written, randomBytes(SECRET_SIZE), { mode: 0o600 });
  try {
    // Whole or not at all, and never over one that another process made meanwhile.
    await link(written, placeOf(dataDir));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(written, { force: true });
  }
  return (await readLocalSecret(dataDir))!;
}
