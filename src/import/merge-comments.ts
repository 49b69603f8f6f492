import { found, type Merge, outcomesOf, remember } from './merge-job.ts';

/** Decides which comments are new, changed or as they were, and below which each stands. */
export async function matchComments(job: Merge): Promise<void> {
  const { client, source, tally } = job;
  await client.query(`
    CREATE TEMP TABLE merge_comment (
      place int PRIMARY KEY, external_id text, article_id int, id int, author_id int, parent_id int, created_at timestamptz,
      digest text, outcome text
    ) ON COMMIT DROP`);
  await client.query(
    `
    INSERT INTO merge_comment
    SELECT s.place, s.external_id, coalesce(c.article_id, s.article_id), c.id, c.author_id, c.parent_id, s.created_at,
           s.digest,
           CASE WHEN c.id IS NULL THEN 'made' WHEN p.digest <> s.digest THEN 'updated' ELSE 'unchanged' END
      FROM (
        SELECT DISTINCT ON (external_id) s.place, s.external_id, s.created_at, s.digest, m.id AS article_id
          FROM staged_comment s JOIN merge_article m USING (item) ORDER BY external_id, s.place
      ) s
      LEFT JOIN provenance p ON p.source = $1 AND p.kind = 'comment' AND p.external_id = s.external_id
      LEFT JOIN comment c ON c.id = p.entity_id`,
    [source],
  );
  await client.query(`
    UPDATE merge_comment m SET id = nextval('comment_id_seq')
      FROM (SELECT place FROM staged_comment ORDER BY created_at, place) s
     WHERE s.place = m.place AND m.outcome = 'made'`);
  await client.query('CREATE UNIQUE INDEX ON merge_comment (external_id); CREATE INDEX ON merge_comment (id)');
  await client.query('ANALYZE merge_comment');
  await findParents(job);
  const homeless = `
    SELECT external_id AS id, name AS title, line FROM staged_comment s
     WHERE NOT EXISTS (SELECT FROM merge_article m WHERE m.item = s.item)`;
  tally.skipMany('comments', await found(client, 'its post is not imported', homeless));
  const twice = `
    SELECT external_id AS id, name AS title, line FROM staged_comment s
     WHERE EXISTS (SELECT FROM merge_article m WHERE m.item = s.item)
       AND NOT EXISTS (SELECT FROM merge_comment m WHERE m.place = s.place)`;
  tally.skipMany('comments', await found(client, 'has the number of another one before it', twice));
}

/** A parent is a comment of the same article, in this file or imported before; without one it is a top-level comment. */
async function findParents({ client, source, tally }: Merge): Promise<void> {
  await client.query(
    `
    UPDATE merge_comment m
       SET parent_id = coalesce(
             (SELECT p.id FROM merge_comment p
               WHERE p.external_id = s.parent_external_id AND p.article_id = m.article_id),
             (SELECT c.id FROM provenance v JOIN comment c ON c.id = v.entity_id
               WHERE v.source = $1 AND v.kind = 'comment' AND v.external_id = s.parent_external_id
                 AND c.article_id = m.article_id))
      FROM staged_comment s
     WHERE s.place = m.place AND m.outcome = 'made' AND s.parent_external_id IS NOT NULL`,
    [source],
  );
  await client.query('CREATE INDEX ON merge_comment (parent_id); ANALYZE merge_comment');
  const orphans = `
    SELECT s.external_id AS id, s.name AS title, s.line FROM staged_comment s JOIN merge_comment m USING (place)
     WHERE m.outcome = 'made' AND s.parent_external_id IS NOT NULL AND m.parent_id IS NULL`;
  tally.noteMany(await found(client, 'replies to what is not imported stand at the top level', orphans));
  await breakCircles({ client, source, tally });
}

/** New comments that no chain of parents connects to a top-level one are in a circle, or below one. */
async function breakCircles({ client, tally }: Merge): Promise<void> {
  const astray = await client.query<{ id: number; parent_id: number }>(`
    WITH RECURSIVE reached AS (
      SELECT id FROM merge_comment m WHERE outcome <> 'made' OR parent_id IS NULL
         OR NOT EXISTS (SELECT FROM merge_comment p WHERE p.id = m.parent_id)
      UNION ALL
      SELECT below.id FROM reached CROSS JOIN LATERAL (
        SELECT id FROM merge_comment m WHERE m.parent_id = reached.id AND outcome = 'made' OFFSET 0
      ) below
    )
    SELECT id, parent_id FROM merge_comment m WHERE NOT EXISTS (SELECT FROM reached r WHERE r.id = m.id) ORDER BY id`);
  const cuts = cutsOf(new Map(astray.rows.map(({ id, parent_id }) => [id, parent_id])));
  if (cuts.length === 0) return;
  await client.query('UPDATE merge_comment SET parent_id = NULL WHERE id = ANY ($1)', [cuts]);
  const ids = cuts.join(',');
  const circles = `
    SELECT s.external_id AS id, s.name AS title, line FROM staged_comment s JOIN merge_comment m USING (place)
     WHERE m.id IN (${ids})`;
  tally.noteMany(await found(client, 'circles of replies were opened at their earliest comment', circles));
}

/** Of each circle the lowest id, which is the earliest comment. */
function cutsOf(parents: Map<number, number>): number[] {
  const cuts: number[] = [];
  const done = new Set<number>();
  for (const start of parents.keys()) {
    const walk = new Set<number>();
    let id: number | undefined = start;
    while (id !== undefined && !done.has(id) && !walk.has(id)) {
      walk.add(id);
      id = parents.get(id);
    }
    if (id !== undefined && walk.has(id)) {
      const visited = [...walk];
      cuts.push(visited.slice(visited.indexOf(id)).reduce((lowest, member) => Math.min(lowest, member)));
    }
    for (const visited of walk) done.add(visited);
  }
  return cuts;
}

/**
 * Writes comments, unplaced: their derived columns are for `rebuildThreads`. Of one that exists, words and state
 * change, not its author, time or place.
 *
 * @returns the articles whose discussions changed.
 */
export async function writeComments(job: Merge): Promise<number[]> {
  const { client, tally } = job;
  await client.query(`
    INSERT INTO comment (
      id, article_id, parent_id, author_id, path, depth, status, body_source, body_format, body_html, body_text,
      created_at)
    SELECT m.id, m.article_id, m.parent_id, coalesce(staff.id, guest.id), ARRAY[-m.id], 0, s.status, s.body_source,
           'HTML', s.body_html, s.body_text, coalesce(s.created_at, article.created_at)
      FROM merge_comment m
      JOIN staged_comment s USING (place)
      JOIN article ON article.id = m.article_id
      LEFT JOIN (SELECT DISTINCT ON (user_id) user_id, id FROM merge_author ORDER BY user_id, place) staff
        ON staff.user_id = s.user_id
      LEFT JOIN author guest ON guest.guest_key = s.guest_key
     WHERE m.outcome = 'made'
     ORDER BY m.id`);
  await client.query(`
    UPDATE comment c SET status = s.status, body_source = s.body_source, body_format = 'HTML',
           body_html = s.body_html, body_text = s.body_text
      FROM merge_comment m JOIN staged_comment s USING (place)
     WHERE m.id = c.id AND m.outcome = 'updated'`);
  await remember(job, 'comment', 'merge_comment');
  tally.outcome('comments', await outcomesOf(client, 'merge_comment'));
  const discussed = await client.query<{ id: number }>(`
    SELECT DISTINCT article_id AS id FROM merge_comment WHERE outcome IN ('made', 'updated')`);
  return discussed.rows.map(({ id }) => id);
}
