import type { MergeContext } from './merge-context.ts';

/** Writes the guests whose comments are new. */
export async function writeGuests({ client, report }: MergeContext): Promise<void> {
  // Comments by staff need no guest. A guest who is not an author yet is created only for a new comment.
  await client.query(`
    CREATE TEMP TABLE merge_guest ON COMMIT DROP AS
    SELECT guest_key, min(c.file_position) AS file_position, min(c.created_at) AS created_at,
           count(author.id) > 0 AS known
      FROM staged_comment c
      JOIN merge_comment m USING (file_position)
      LEFT JOIN author USING (guest_key)
     WHERE NOT EXISTS (SELECT FROM merge_author staff WHERE staff.user_id = c.user_id)
     GROUP BY guest_key
    HAVING count(author.id) > 0 OR bool_or(m.outcome = 'created')`);
  await client.query('CREATE UNIQUE INDEX ON merge_guest (guest_key); ANALYZE merge_guest');
  // The slug is that of guestSlug. If another guest of this file or another author has it, 32 characters are used.
  const created = await client.query(`
    INSERT INTO author (slug, name, kind, email, url, guest_key, created_at, updated_at)
    SELECT 'guest-' || left(g.guest_key, CASE
             WHEN row_number() OVER (PARTITION BY left(g.guest_key, 12) ORDER BY g.guest_key) > 1 THEN 32
             WHEN EXISTS (SELECT FROM author WHERE slug = 'guest-' || left(g.guest_key, 12)) THEN 32 ELSE 12 END),
           c.name, 'GUEST', c.email, c.url, g.guest_key,
           coalesce(g.created_at, CURRENT_TIMESTAMP), coalesce(g.created_at, CURRENT_TIMESTAMP)
      FROM merge_guest g JOIN staged_comment c USING (file_position)
     WHERE NOT g.known
     ORDER BY g.file_position
    ON CONFLICT (guest_key) DO NOTHING`);
  const guests = await client.query('SELECT FROM merge_guest');
  const read = guests.rowCount ?? 0;
  const createdCount = created.rowCount ?? 0;
  report.countRead('guests', read);
  report.addOutcomes('guests', { created: createdCount, unchanged: read - createdCount });
}
