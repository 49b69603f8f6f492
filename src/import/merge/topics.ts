import { findFreeSlug } from '../../../schema/content/text/slug.ts';
import {
  differingFields,
  IS_UPDATED,
  KEPT,
  locallyChangedFields,
  type MergedFields,
  merged,
  recordProvenance,
  reportKept,
} from './local-changes.ts';
import { countOutcomes, countReason, type MergeContext } from './merge-context.ts';

const FIELDS: MergedFields = [
  { name: 'name', current: 'e.name', wanted: 's.name' },
  { name: 'description', current: 'e.description', wanted: 's.description' },
  { name: 'parent', current: 'e.parent_id', wanted: 'parent.entity_id' },
];

const KIND = { kind: 'topic', table: 'merge_topic', entity: 'topic', fields: FIELDS } as const;

/**
 * SQL: the topic that this site has for one of the file: that with its slug, if the slug is its own and no transliteration,
 * or if both have one name. Terms in different scripts may have one slug and are different topics.
 */
const EXISTING_TOPIC = `(
  SELECT t.id FROM topic t LEFT JOIN former_topic_slug f ON f.topic_id = t.id AND f.slug = s.slug
   WHERE (t.slug = s.slug OR f.slug IS NOT NULL OR (s.external_id <> s.slug AND starts_with(t.slug, s.slug || '-')))
     AND (lower(t.name) = lower(s.name) OR s.external_id = s.slug AND (f.slug IS NOT NULL OR NOT EXISTS (
           SELECT FROM provenance p2 WHERE p2.kind = 'topic' AND p2.entity_id = t.id AND p2.external_id <> s.external_id)))
   ORDER BY (t.slug = s.slug) DESC, t.id LIMIT 1)`;

/** Decides which topics are new, changed or unchanged. A category and a tag with the same slug are one topic. */
export async function matchTopics({ client, source, report, overwrite }: MergeContext): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE merge_topic (
      file_position int, line int, external_id text PRIMARY KEY, slug text, title text, name text, description text, parent_slug text,
      listed boolean, digest text, id int, outcome text, kept text[] NOT NULL
    )`);
  await client.query(
    `
    INSERT INTO merge_topic
    SELECT file_position, line, external_id, slug, name, name, description, parent_slug, listed,
           -- A post names its topics without description and parent, so it must not replace what an earlier file listed.
           CASE WHEN listed OR old_digest IS NULL THEN digest ELSE old_digest END, id,
           -- An existing topic with the slug is used as it is.
           CASE WHEN id IS NULL THEN 'created'
                WHEN listed AND old_digest IS NOT NULL AND ${IS_UPDATED} THEN 'updated'
                ELSE 'unchanged' END, kept
      FROM (
        SELECT found.*, CASE WHEN id IS NULL THEN '{}' WHEN old_digest IS NULL THEN differing
                                   WHEN NOT listed THEN '{}' ELSE ${KEPT} END AS kept
          FROM (
            SELECT s.file_position, s.line, s.external_id, s.slug, s.name, s.description, s.parent_slug, s.listed, s.digest,
                   p.digest AS old_digest, e.id,
                   ${differingFields(FIELDS)} AS differing, ${locallyChangedFields(FIELDS, 'p.written')} AS changed
              FROM (
                SELECT DISTINCT ON (coalesce(external_id, slug)) file_position, line, coalesce(external_id, slug) AS external_id,
                       slug, name, description, parent_slug, listed, digest
                  FROM staged_topic ORDER BY coalesce(external_id, slug), listed DESC, parent_slug IS NULL, file_position
              ) s
              LEFT JOIN provenance p ON p.source = $1 AND p.kind = 'topic' AND p.external_id = s.external_id
              LEFT JOIN provenance parent ON parent.source = $1 AND parent.kind = 'topic' AND parent.external_id = s.parent_slug
              LEFT JOIN topic e ON e.id = coalesce((SELECT id FROM topic WHERE id = p.entity_id), ${EXISTING_TOPIC})
          ) found
      ) decided`,
    [source, overwrite],
  );
  const unlisted = await client.query('SELECT FROM merge_topic WHERE NOT listed');
  report.countRead('topics', unlisted.rowCount ?? 0);
  const shared = `
    SELECT s.slug AS id, s.name AS title, s.line FROM staged_topic s
      JOIN merge_topic m ON m.external_id = coalesce(s.external_id, s.slug)
     WHERE s.listed AND s.file_position <> m.file_position`;
  report.addSkippedReason(
    'topics',
    await countReason(client, 'has the slug of another category or tag; both are one topic', shared),
  );
}

/** Writes the new topics, then their parents. */
export async function writeTopics(context: MergeContext): Promise<void> {
  const { client, report } = context;
  await assignTopicSlugs(context);
  await client.query(`
    WITH created AS (
      INSERT INTO topic (slug, name, description)
      SELECT slug, name, description FROM merge_topic WHERE outcome = 'created' ORDER BY file_position
      RETURNING id, slug
    )
    UPDATE merge_topic m SET id = created.id FROM created WHERE m.slug = created.slug AND outcome = 'created'`);
  await setTopicParents(context, 'created');
  await recordProvenance(context, KIND, `m.outcome <> 'updated'`);
  await reportKept(context, KIND);
  report.addOutcomes('topics', await countOutcomes(client, 'merge_topic'));
}

/** Writes the topics that have changed, then their parents. */
export async function updateTopics(context: MergeContext): Promise<void> {
  const { client } = context;
  await client.query(`
    SELECT FROM topic WHERE id IN (SELECT id FROM merge_topic WHERE outcome = 'updated') ORDER BY id FOR NO KEY UPDATE`);
  await client.query(`
    UPDATE topic SET name = ${merged('name', 'topic.name', 'm.name')},
           description = ${merged('description', 'topic.description', 'm.description')}
      FROM merge_topic m WHERE m.id = topic.id AND m.outcome = 'updated'`);
  await client.query(`
    UPDATE topic SET parent_id = NULL FROM merge_topic m
     WHERE m.id = topic.id AND m.outcome = 'updated' AND NOT 'parent' = ANY (m.kept) AND m.parent_slug IS NULL AND topic.parent_id IS NOT NULL`);
  await setTopicParents(context, 'updated');
  await recordProvenance(context, KIND, `m.outcome = 'updated'`);
}

/** Gives each new topic a free slug. The topic whose own slug it is comes before those that are transliterated to it. */
async function assignTopicSlugs({ client }: MergeContext): Promise<void> {
  const conflicts = await client.query<{ external_id: string; slug: string }>(`
    SELECT external_id, slug FROM merge_topic m
     WHERE outcome = 'created' AND (
       EXISTS (SELECT FROM topic WHERE topic.slug = m.slug) OR EXISTS (SELECT FROM former_topic_slug f WHERE f.slug = m.slug)
       OR external_id <> (SELECT external_id FROM merge_topic f WHERE f.slug = m.slug AND outcome = 'created'
                           ORDER BY (external_id = slug) DESC, file_position LIMIT 1))
     ORDER BY file_position`);
  for (const { external_id: externalId, slug } of conflicts.rows) {
    const free = await findFreeSlug(slug, async (candidates) => {
      const taken = await client.query<{ slug: string }>(
        `SELECT slug FROM topic WHERE slug = ANY ($1) UNION ALL SELECT slug FROM former_topic_slug WHERE slug = ANY ($1)
         UNION ALL SELECT slug FROM merge_topic WHERE slug = ANY ($1) AND outcome = 'created'`,
        [candidates],
      );
      return taken.rows.map((row) => row.slug);
    });
    await client.query('UPDATE merge_topic SET slug = $2 WHERE external_id = $1', [externalId, free]);
  }
}

/** Sets the parents one by one: each is set only if it does not close a cycle with those set before. */
async function setTopicParents({ client, report }: MergeContext, outcome: 'created' | 'updated'): Promise<void> {
  const children = await client.query<{
    id: number;
    slug: string;
    name: string;
    line: number;
    parent_id: number | null;
  }>(
    `
    SELECT m.id, m.external_id AS slug, m.name, m.line, p.id AS parent_id
      FROM merge_topic m LEFT JOIN merge_topic p ON p.external_id = m.parent_slug
     WHERE m.outcome = $1 AND m.parent_slug IS NOT NULL AND NOT 'parent' = ANY (m.kept)
     ORDER BY m.file_position`,
    [outcome],
  );
  for (const { id, slug, name, line, parent_id: parentId } of children.rows) {
    const location = { id: slug, title: name, line };
    if (parentId === null) {
      report.addNote('topic without its parent in the file became a top-level topic', location);
      continue;
    }
    const cycle = await client.query(
      `
      WITH RECURSIVE above AS (
        SELECT $2::int AS id UNION SELECT parent_id FROM topic JOIN above USING (id) WHERE parent_id IS NOT NULL
      )
      SELECT FROM above WHERE id = $1`,
      [id, parentId],
    );
    const closesCycle = cycle.rowCount !== 0;
    if (closesCycle) report.addNote('topic that would be its own ancestor became a top-level topic', location);
    await client.query('UPDATE topic SET parent_id = $2 WHERE id = $1', [id, closesCycle ? null : parentId]);
  }
}
