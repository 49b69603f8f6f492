import type pg from 'pg';

/** Tables that are filled with many rows. */
const TABLES = ['article', 'comment', 'comment_event', 'search_document', 'search_comment'];

/** Indexes that are used while they are filled. */
const NEEDED = ['article_slug_key', 'comment_parent_id_idx', 'comment_article_id_created_at_idx'];

/**
 * Drops the indexes that only readers need: to keep them while rows are inserted and updated takes several times as long as
 * to create them afterwards. `bench.dropped_index` remembers them, also when the loading fails.
 */
export async function dropIndexes(client: pg.Client): Promise<void> {
  await client.query('CREATE TABLE bench.dropped_index (name text, definition text)');
  const { rows } = await client.query<{ name: string }>(
    `INSERT INTO bench.dropped_index
     SELECT c.relname, replace(pg_get_indexdef(c.oid), 'INDEX', 'INDEX IF NOT EXISTS')
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE i.indrelid = ANY ($1::text[]::regclass[]) AND c.relname <> ALL ($2)
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = c.oid)
     RETURNING name`,
    [TABLES, NEEDED],
  );
  for (const { name } of rows) await client.query(`DROP INDEX "${name}"`);
}

/** Creates those that were dropped, now or when the loading failed before. */
export async function restoreIndexes(client: pg.Client): Promise<void> {
  const known = await client.query<{ found: boolean }>(
    `SELECT to_regclass('bench.dropped_index') IS NOT NULL AS found`,
  );
  if (!known.rows[0]!.found) return;
  const { rows } = await client.query<{ definition: string }>('SELECT definition FROM bench.dropped_index');
  for (const { definition } of rows) await client.query(definition);
  await client.query('DROP TABLE bench.dropped_index');
}
