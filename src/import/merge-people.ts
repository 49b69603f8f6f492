import { findFreeSlug, slugOf } from '../../schema/content/text/slug.ts';
import { found, type Merge, outcomesOf, remember } from './merge-job.ts';

/** Decides which logins are new, changed or as they were; the first of several that are the same counts. */
export async function matchPeople({ client, source, tally }: Merge): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE merge_author (
      place int, line int, external_id text, user_id text, name text, email text, listed boolean, digest text, id int, outcome text
    ) ON COMMIT DROP`);
  await client.query(
    `
    INSERT INTO merge_author
    SELECT s.place, s.line, s.login, s.user_id, s.name, s.email, s.listed,
           -- A post's byline knows less than a list of authors did.
           CASE WHEN s.listed OR a.id IS NULL THEN s.digest ELSE p.digest END, a.id,
           CASE WHEN a.id IS NULL THEN 'made' WHEN s.listed AND p.digest <> s.digest THEN 'updated' ELSE 'unchanged' END
      FROM (SELECT DISTINCT ON (login) * FROM staged_author ORDER BY login, listed DESC, place) s
      LEFT JOIN provenance p ON p.source = $1 AND p.kind = 'author' AND p.external_id = s.login
      LEFT JOIN author a ON a.id = p.entity_id`,
    [source],
  );
  const unlisted = await client.query('SELECT FROM merge_author WHERE NOT listed');
  tally.read('authors', unlisted.rowCount ?? 0);
  const twice = `
    SELECT login AS id, name AS title, line FROM staged_author s
     WHERE listed AND NOT EXISTS (SELECT FROM merge_author m WHERE m.place = s.place)`;
  tally.skipMany('authors', await found(client, 'listed twice', twice));
}

/** Writes the staff, and the guests whose comments are new. */
export async function writePeople(job: Merge): Promise<void> {
  await writeStaff(job);
  await writeGuests(job);
}

async function writeStaff(job: Merge): Promise<void> {
  const { client, tally } = job;
  const made = await client.query<{ external_id: string; name: string; line: number }>(`
    SELECT external_id, name, line FROM merge_author WHERE outcome = 'made' ORDER BY place`);
  for (const { external_id: login, name, line } of made.rows) {
    const wanted = slugOf(login);
    const slug = await findFreeSlug(wanted, async (candidates) => {
      const taken = await client.query<{ slug: string }>('SELECT slug FROM author WHERE slug = ANY ($1)', [candidates]);
      return taken.rows.map((row) => row.slug);
    });
    if (slug !== wanted) tally.note(`slug ${wanted} of an author was taken`, { id: slug, title: name, line });
    await client.query(
      `
      WITH made AS (
        INSERT INTO author (slug, name, kind, email)
        SELECT $2, name, 'STAFF', email FROM merge_author WHERE external_id = $1 RETURNING id
      )
      UPDATE merge_author SET id = made.id FROM made WHERE external_id = $1`,
      [login, slug],
    );
  }
  await client.query(`
    UPDATE author SET name = m.name, email = m.email, updated_at = CURRENT_TIMESTAMP
      FROM merge_author m WHERE m.id = author.id AND m.outcome = 'updated'`);
  await remember(job, 'author', 'merge_author');
  tally.outcome('authors', await outcomesOf(client, 'merge_author'));
}

async function writeGuests({ client, tally }: Merge): Promise<void> {
  // Who is on the staff is no guest, and whose comments were all imported before is as they were then.
  await client.query(`
    CREATE TEMP TABLE merge_guest ON COMMIT DROP AS
    SELECT guest_key, min(c.place) AS place, min(c.created_at) AS created_at, count(author.id) > 0 AS known
      FROM staged_comment c
      JOIN merge_comment m USING (place)
      LEFT JOIN author USING (guest_key)
     WHERE NOT EXISTS (SELECT FROM merge_author staff WHERE staff.user_id = c.user_id)
     GROUP BY guest_key
    HAVING count(author.id) > 0 OR bool_or(m.outcome = 'made')`);
  await client.query('CREATE UNIQUE INDEX ON merge_guest (guest_key); ANALYZE merge_guest');
  // Two keys may begin alike, and anyone may have taken the slug: then more of the key tells them apart.
  const made = await client.query(`
    INSERT INTO author (slug, name, kind, email, url, guest_key, created_at, updated_at)
    SELECT 'guest-' || left(g.guest_key, CASE
             WHEN row_number() OVER (PARTITION BY left(g.guest_key, 12) ORDER BY g.guest_key) > 1 THEN 32
             WHEN EXISTS (SELECT FROM author WHERE slug = 'guest-' || left(g.guest_key, 12)) THEN 32 ELSE 12 END),
           c.name, 'GUEST', c.email, c.url, g.guest_key,
           coalesce(g.created_at, CURRENT_TIMESTAMP), coalesce(g.created_at, CURRENT_TIMESTAMP)
      FROM merge_guest g JOIN staged_comment c USING (place)
     WHERE NOT g.known
     ORDER BY g.place
    ON CONFLICT (guest_key) DO NOTHING`);
  const guests = await client.query('SELECT FROM merge_guest');
  const read = guests.rowCount ?? 0;
  tally.read('guests', read);
  tally.outcome('guests', { made: made.rowCount ?? 0, unchanged: read - (made.rowCount ?? 0) });
}
