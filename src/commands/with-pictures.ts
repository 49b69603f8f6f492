import pg from 'pg';
import type { CopiedPictures, Pictures } from '../media/index.ts';
import { openPictures } from '../media/index.ts';
import { printLine } from './command-context.ts';
import type { DatabaseWork } from './with-database.ts';

/** Opens the store of pictures, and a connection that lists them. */
export async function withPictures<Result>(
  { url, config }: Pick<DatabaseWork, 'url' | 'config'>,
  work: (client: pg.Client, pictures: Pictures | null) => Promise<Result>,
): Promise<Result> {
  const pictures = openPictures(config);
  const client = new pg.Client({ connectionString: url, application_name: 'broadsheet pictures' });
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client, pictures);
  } finally {
    await client.end();
    await pictures?.close();
  }
}

export function printMissing({ missing }: CopiedPictures): void {
  if (missing > 0) printLine(`${missing} pictures have no file, or a damaged one, and are missing.`);
}
