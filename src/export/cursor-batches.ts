import type pg from 'pg';

/** Rows in memory at once. An article has at most 4 million characters, and commonly some thousands. */
const BATCH = 100;

/**
 * The rows of a statement, as many at once as fit into memory.
 *
 * @param name of the cursor; several may be open
 */
export async function* cursorBatches<Row extends pg.QueryResultRow>(
  client: pg.Client,
  { name, text }: { name: string; text: string },
): AsyncGenerator<Row[]> {
  await client.query(`DECLARE ${name} NO SCROLL CURSOR FOR ${text}`);
  for (;;) {
    const { rows } = await client.query<Row>(`FETCH ${BATCH} FROM ${name}`);
    if (rows.length === 0) break;
    yield rows;
  }
  await client.query(`CLOSE ${name}`);
}
