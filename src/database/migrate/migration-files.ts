import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One directory of prisma/migrations. */
export interface Migration {
  name: string;
  script: string;
  /** False for one whose first line says so; it has one statement. */
  isTransaction: boolean;
  /** SHA-256 of the script in hexadecimal digits, as Prisma records it. */
  checksum: string;
}

/** The first line of a migration that is applied without a transaction. */
const ALONE = /^-- Without a transaction\b/;

/** The migrations in `directory`, oldest first: their names begin with the time when they were written. */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const script = await readFile(join(directory, name, 'migration.sql'), 'utf8');
      return { name, script, isTransaction: !ALONE.test(script), checksum: sha256(script) };
    }),
  );
}

/** The statements of a migration, without the one that creates the schema. It exists by then, and a role needs a right in the whole database to create one. */
export function statementsOf({ script }: Migration): string {
  return script.replace('CREATE SCHEMA IF NOT EXISTS "public";', '');
}

/** Whether `checksum` is that of the script, with any line endings: a checkout may have converted them. As in Prisma. */
export function isChecksumOf({ script }: Migration, checksum: string): boolean {
  const unix = script.replaceAll('\r\n', '\n');
  return [script, unix, unix.replaceAll('\n', '\r\n')].some((text) => sha256(text) === checksum);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
