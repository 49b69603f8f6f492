import type pg from 'pg';
import type { Queryable } from '../../schema/content/context.ts';
import type { StoredPicture } from '../../schema/content/picture/picture-name.ts';

/** SQL: notes that a picture is kept, with its name and its bytes. */
export const KEEP_PICTURE =
  'INSERT INTO picture (name, bytes) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET unused_since = NULL';

/** Notes that a picture is kept. */
export async function recordPicture(db: Queryable, { name }: StoredPicture, bytes: number): Promise<void> {
  await db.query({
    name: 'picture-kept',
    text: KEEP_PICTURE,
    values: [name, bytes],
  });
}

/** Pictures that are read at once. */
const BATCH = 500;

/** The names of all pictures that are kept, in their order. */
export async function* pictureNames(client: pg.ClientBase): AsyncGenerator<string> {
  for (let after = ''; ; ) {
    const { rows } = await client.query<{ name: string }>(
      `SELECT name FROM picture WHERE name COLLATE "C" > $1 ORDER BY name COLLATE "C" LIMIT ${BATCH}`,
      [after],
    );
    for (const { name } of rows) yield name;
    if (rows.length < BATCH) return;
    after = rows.at(-1)!.name;
  }
}
