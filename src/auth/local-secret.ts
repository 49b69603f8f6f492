import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes; twice the minimum for HS256. */
const SECRET_SIZE = 64;

function secretPath(dataDir: string): string {
  return join(dataDir, 'token-secret');
}

/** The secret that signs local tokens, which are for trying the gateway out; null while it does not exist. */
export async function readLocalSecret(dataDir: string): Promise<Buffer | null> {
  try {
    return await readFile(secretPath(dataDir));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Creates the secret if there is none: a file that only its owner can read. */
export async function ensureLocalSecret(dataDir: string): Promise<Buffer> {
  await mkdir(dataDir, { recursive: true });
  const temporary = `${secretPath(dataDir)}.${process.pid}`;
  await writeFile(temporary, randomBytes(SECRET_SIZE), { mode: 0o600 });
  try {
    // A link appears completely written, and fails when another process has created the secret in the meantime.
    await link(temporary, secretPath(dataDir));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  return (await readLocalSecret(dataDir))!;
}
