import { found, type Merge, outcomesOf, remember } from './merge-job.ts';

/** Decides which topics are new, changed or as they were. Categories and tags with one slug are one topic. */
export async function matchTopics({ client, source, tally }: Merge): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE merge_topic (
      place int, line int, external_id text PRIMARY KEY, name text, description text, parent_slug text, listed boolean,
      digest text, id int, outcome text
    ) ON COMMIT DROP`);
  await client.query(
    `
    INSERT INTO merge_topic
    SELECT s.place, s.line, s.slug, s.name, s.description, s.parent_slug, s.listed,
           -- A post's categories know less than a list of them did.
           CASE WHEN s.listed OR p.entity_id IS NULL THEN s.digest ELSE p.digest END,
           t.id,
           -- A topic that was there before is this one, as its own words have it.
           CASE WHEN t.id IS NULL THEN 'made' WHEN s.listed AND p.digest <> s.digest THEN 'updated' ELSE 'unchanged' END
      FROM (
        SELECT DISTINCT ON (slug) * FROM staged_topic ORDER BY slug, listed DESC, parent_slug IS NULL, place
      ) s
      LEFT JOIN provenance p ON p.source = $1 AND p.kind = 'topic' AND p.external_id = s.slug
      LEFT JOIN topic t ON t.id = coalesce(
        (SELECT id FROM topic WHERE id = p.entity_id), (SELECT id FROM topic WHERE slug = s.slug))`,
    [source],
  );
  const unlisted = await client.query('SELECT FROM merge_topic WHERE NOT listed');
  tally.read('topics', unlisted.rowCount ?? 0);
  const shared = `
    SELECT s.slug AS id, s.name AS title, s.line FROM staged_topic s
      JOIN merge_topic m ON m.external_id = s.slug
     WHERE s.listed AND s.place <> m.place`;
  tally.skipMany('topics', await found(client, 'shares its slug with another: one topic', shared));
}

/** Writes topics, then the tree of those that are new or changed. */
export async function writeTopics(job: Merge): Promise<void> {
  const { client, tally } = job;
  await client.query(`
    WITH made AS (
      INSERT INTO topic (slug, name, description)
      SELECT external_id, name, description FROM merge_topic WHERE outcome = 'made' ORDER BY place
      RETURNING id, slug
    )
    UPDATE merge_topic SET id = made.id FROM made WHERE external_id = slug AND outcome = 'made'`);
  await client.query(`
    UPDATE topic SET name = m.name, description = m.description
      FROM merge_topic m WHERE m.id = topic.id AND m.outcome = 'updated'`);
  await client.query(`
    UPDATE topic SET parent_id = NULL FROM merge_topic m
     WHERE m.id = topic.id AND m.outcome = 'updated' AND m.parent_slug IS NULL AND topic.parent_id IS NOT NULL`);
  await plantTree(job);
  await remember(job, 'topic', 'merge_topic');
  tally.outcome('topics', await outcomesOf(client, 'merge_topic'));
}

/** One by one, since each parent is only taken if it does not close a circle with those before. */
async function plantTree({ client, tally }: Merge): Promise<void> {
  const children = await client.query<{
    id: number;
    slug: string;
    name: string;
    line: number;
    parent_id: number | null;
  }>(`
    SELECT m.id, m.external_id AS slug, m.name, m.line, p.id AS parent_id
      FROM merge_topic m LEFT JOIN merge_topic p ON p.external_id = m.parent_slug
     WHERE m.outcome IN ('made', 'updated') AND m.parent_slug IS NOT NULL
     ORDER BY m.place`);
  for (const { id, slug, name, line, parent_id: parentId } of children.rows) {
    const example = { id: slug, title: name, line };
    if (parentId === null) {
      tally.note('topic whose parent is missing stands alone', example);
      continue;
    }
    const circle = await client.query(
      `
      WITH RECURSIVE above AS (
        SELECT $2::int AS id UNION SELECT parent_id FROM topic JOIN above USING (id) WHERE parent_id IS NOT NULL
      )
      SELECT FROM above WHERE id = $1`,
      [id, parentId],
    );
    if (circle.rowCount !== 0) tally.note('topic that would be its own ancestor stands alone', example);
    await client.query('UPDATE topic SET parent_id = $2 WHERE id = $1', [id, circle.rowCount === 0 ? parentId : null]);
  }
}
