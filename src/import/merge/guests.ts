import type { MergeContext } from './merge-context.ts';

/** Guests that are written at once: those who comment as one of them wait as long. */
const BATCH_SIZE = 2_000;

/** Finds the guests whose comments are new. Comments by staff need none, and a new guest is created only for a new comment. */
export async function matchGuests({ client }: MergeContext): Promise<void> {
  // The slug is that of guestSlug. If another guest of this file or another author has it, 32 characters are used.
  await client.query(`
    CREATE TEMP TABLE merge_guest AS
    SELECT guest_key, file_position, created_at, id, row_number() OVER (ORDER BY file_position) AS number,
           row_number() OVER (PARTITION BY left(guest_key, 12) ORDER BY guest_key) > 1 AS is_twin
      FROM (
        SELECT guest_key, min(c.file_position) AS file_position, min(c.created_at) AS created_at, min(author.id) AS id
          FROM staged_comment c
          JOIN merge_comment m USING (file_position)
          LEFT JOIN author USING (guest_key)
         WHERE NOT EXISTS (SELECT FROM merge_author staff WHERE staff.user_id = c.user_id)
         GROUP BY guest_key
        HAVING count(author.id) > 0 OR bool_or(m.outcome = 'created')
      ) found`);
  await client.query('CREATE UNIQUE INDEX ON merge_guest (guest_key); CREATE INDEX ON merge_guest (number)');
  await client.query('CREATE TEMP TABLE merge_created_guest (id int); ANALYZE merge_guest');
}

/**
 * Writes the new guests, who are not shown before they have comments. Call it outside of a transaction: somebody who comments as
 * one of them meanwhile waits for the end of the statement. In a dry run they have other keys, for which nobody waits.
 */
export async function writeGuests({ client, report, dryRun }: MergeContext): Promise<void> {
  const { rows } = await client.query<{ count: number }>('SELECT count(*)::int FROM merge_guest');
  const read = rows[0]!.count;
  const prefix = dryRun ? 'dry run ' : '';
  let created = 0;
  for (let after = 0; after < read; after += BATCH_SIZE) {
    const inserted = await client.query(
      `
      WITH created AS (
        INSERT INTO author (slug, name, kind, email, url, guest_key, created_at, updated_at)
        SELECT $3 || 'guest-' || left(g.guest_key, CASE
                 WHEN is_twin OR EXISTS (SELECT FROM author WHERE slug = 'guest-' || left(g.guest_key, 12)) THEN 32 ELSE 12 END),
               c.name, 'GUEST', c.email, c.url, $3 || g.guest_key,
               coalesce(g.created_at, CURRENT_TIMESTAMP), coalesce(g.created_at, CURRENT_TIMESTAMP)
          FROM merge_guest g JOIN staged_comment c USING (file_position)
         WHERE g.id IS NULL AND g.number > $1 AND g.number <= $2
         ORDER BY g.file_position
        ON CONFLICT (guest_key) DO NOTHING RETURNING id
      )
      INSERT INTO merge_created_guest SELECT id FROM created`,
      [after, after + BATCH_SIZE, prefix],
    );
    created += inserted.rowCount ?? 0;
  }
  await client.query(
    'UPDATE merge_guest g SET id = author.id FROM author WHERE g.id IS NULL AND author.guest_key = $1 || g.guest_key',
    [prefix],
  );
  report.countRead('guests', read);
  report.addOutcomes('guests', { created, unchanged: read - created });
}

/** Removes the guests of an import that failed, but for those who have commented here since. */
export async function removeGuests({ client }: Pick<MergeContext, 'client'>): Promise<void> {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT to_regclass('merge_created_guest') IS NOT NULL AS found`,
  );
  if (!rows[0]!.found) return;
  await client.query(`
    DELETE FROM author a USING merge_created_guest g
     WHERE g.id = a.id AND a.comment_count = 0 AND NOT EXISTS (SELECT FROM comment WHERE author_id = a.id)`);
}

/** Adds the new comments on new articles to the counters of their guests, some guests at a time. */
export async function countGuests(
  { client }: Pick<MergeContext, 'client'>,
  inTransaction: (work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const { rows } = await client.query<{ last: number | null }>(
    'SELECT max(number) AS last FROM merge_author_count WHERE is_guest',
  );
  for (let after = 0; after < Number(rows[0]!.last ?? 0); after += BATCH_SIZE)
    await inTransaction(async () => {
      const some = `SELECT id FROM merge_author_count WHERE is_guest AND number > ${after} AND number <= ${after + BATCH_SIZE}`;
      await client.query(`SELECT FROM author WHERE id IN (${some}) ORDER BY id FOR NO KEY UPDATE`);
      await client.query(`
        UPDATE author a SET comment_count = a.comment_count + c.comments
          FROM merge_author_count c WHERE c.id = a.id AND a.id IN (${some})`);
    });
}
