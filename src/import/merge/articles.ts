import { RENDERING_VERSION } from '../../../schema/content/text/render.ts';
import { assignSlugs, findFormerSlugs, reportFormerSlugs, writeFormerSlugs } from './article-slugs.ts';
import { findArticleTopics, writeArticleTopics } from './article-topics.ts';
import { IN_BATCH } from './batches.ts';
import { matchCovers, reportCovers } from './covers.ts';
import {
  differingFields,
  IS_UPDATED,
  KEPT,
  keepChanged,
  locallyChangedFields,
  type MergedFields,
  merged,
  recordProvenance,
  reportKept,
  seenDigest,
} from './local-changes.ts';
import { countOutcomes, countReason, type MergeContext } from './merge-context.ts';

/** A published or scheduled article always has a date, even if the file has none. */
const PUBLISHED_AT = `CASE WHEN s.status <> 'DRAFT' THEN coalesce(s.published_at, CURRENT_TIMESTAMP) END`;

/** The topics of an article by their ids, in their order; those of the file as far as they exist. */
const CURRENT_TOPICS = '(SELECT json_agg(topic_id ORDER BY position)::text FROM article_topic WHERE article_id = e.id)';
const WANTED_TOPICS = `(SELECT json_agg(t.id ORDER BY named.position)::text
  FROM (SELECT id, min(named.position) AS position FROM unnest(s.topics) WITH ORDINALITY named (slug, position)
          LEFT JOIN merge_topic ON external_id = named.slug GROUP BY 1) named JOIN merge_topic t USING (id))`;

const FIELDS: MergedFields = [
  { name: 'title', current: 'e.title', wanted: 's.title' },
  { name: 'slug', current: 'e.slug', wanted: 's.slug' },
  { name: 'excerpt', current: 'e.excerpt', wanted: 's.excerpt' },
  {
    name: 'body',
    current: `(e.body_format || ' ' || e.body_source)`,
    wanted: `(s.body_format::text || ' ' || s.body_source)`,
  },
  {
    name: 'cover',
    current: 'json_build_array(e.cover_url, e.cover_alt, e.cover_caption, e.cover_width, e.cover_height)::text',
    wanted: 'json_build_array(i.url, i.alt, i.caption, i.width, i.height)::text',
  },
  {
    name: 'publication',
    current: 'json_build_array(e.status, extract(epoch FROM e.published_at))::text',
    wanted: `json_build_array(s.status, extract(epoch FROM (CASE WHEN s.status <> 'DRAFT' THEN coalesce(s.published_at, e.published_at) END)::timestamptz(3)))::text`,
  },
  { name: 'author', current: 'e.author_id', wanted: 'author.id' },
  { name: 'comment_policy', current: 'e.comment_policy', wanted: 's.comment_policy' },
  { name: 'language', current: 'e.language', wanted: 's.language', wasNeverWritten: true },
  { name: 'topics', current: CURRENT_TOPICS, wanted: WANTED_TOPICS },
];

const KIND = { kind: 'article', table: 'merge_article', entity: 'article', fields: FIELDS } as const;

/** Decides which articles are new, changed or unchanged. A changed cover is a change of its article. */
export async function matchArticles(context: MergeContext): Promise<void> {
  const { client, source, report, overwrite } = context;
  await matchCovers(context);
  await client.query(`
    CREATE TEMP TABLE merge_article (
      line int, item int PRIMARY KEY, external_id text, guid text, title text, slug text, digest text, id int, old_slug text, outcome text,
      kept text[] NOT NULL, seen text
    )`);
  await client.query(
    `
    INSERT INTO merge_article
    SELECT line, item, external_id, guid, title, CASE WHEN 'slug' = ANY (kept) THEN old_slug ELSE slug END, digest, id, old_slug,
           CASE WHEN id IS NULL THEN 'created'
                WHEN ${IS_UPDATED} THEN 'updated' ELSE 'unchanged' END, kept, seen
      FROM (
        SELECT found.*, CASE WHEN id IS NULL THEN '{}' ELSE ${KEPT} END AS kept
          FROM (
            SELECT s.line, s.item, s.external_id, s.guid, s.title, s.slug, e.id, e.slug AS old_slug, p.digest AS old_digest,
                   CASE WHEN i.external_id IS NULL THEN s.digest
                        ELSE encode(sha256(convert_to(
                          s.digest || json_build_array(i.url, i.alt, i.caption, i.width, i.height), 'UTF8')), 'hex')
                   END AS digest,
                   ${differingFields(FIELDS)} AS differing, ${locallyChangedFields(FIELDS, 'p.written')} AS changed, ${seenDigest(FIELDS)} AS seen
              FROM (SELECT DISTINCT ON (external_id) * FROM staged_article ORDER BY external_id, item) s
              LEFT JOIN merge_image i ON i.external_id = s.thumbnail_id
              LEFT JOIN merge_author author ON author.external_id = s.login
              LEFT JOIN provenance p ON p.source = $1 AND p.kind = 'article' AND p.external_id = s.external_id
              LEFT JOIN article e ON e.id = p.entity_id
          ) found
      ) decided`,
    [source, overwrite],
  );
  // Ids are assigned in the order of publication, as if the articles had been written here.
  await client.query(`
    UPDATE merge_article m SET id = numbered.id
      FROM (SELECT item, nextval('article_id_seq') AS id FROM (
        SELECT item FROM staged_article JOIN merge_article USING (item) WHERE outcome = 'created' ORDER BY created_at, item
      ) ordered) numbered
     WHERE numbered.item = m.item`);
  await client.query('CREATE INDEX ON merge_article (id); CREATE INDEX ON merge_article (slug); ANALYZE merge_article');
  const repeated = `
    SELECT external_id AS id, title, line FROM staged_article s
     WHERE NOT EXISTS (SELECT FROM merge_article m WHERE m.item = s.item)`;
  report.addSkippedReason(
    'articles',
    await countReason(client, `has the ${context.idNames.article} of an earlier post`, repeated),
  );
}

/** Writes the new articles, and finds slugs and topics for all. Call `writeArticleParts` next. */
export async function writeNewArticles(context: MergeContext): Promise<void> {
  const { client } = context;
  await assignSlugs(context);
  await client.query(`
    INSERT INTO article (
      id, slug, title, excerpt, body_source, body_format, body_html, body_text, reading_minutes, cover_url, cover_alt,
      cover_caption, cover_width, cover_height, rendering, status, published_at, created_at, updated_at, author_id,
      comment_policy, language)
    SELECT m.id, m.slug, s.title, s.excerpt, s.body_source, s.body_format, s.body_html, s.body_text, s.reading_minutes,
           i.url, i.alt, i.caption, i.width, i.height, ${RENDERING_VERSION}, s.status, ${PUBLISHED_AT},
           coalesce(s.created_at, CURRENT_TIMESTAMP), coalesce(s.modified_at, s.created_at, CURRENT_TIMESTAMP),
           author.id, s.comment_policy, s.language
      FROM merge_article m
      JOIN staged_article s USING (item)
      JOIN merge_author author ON author.external_id = s.login
      LEFT JOIN merge_image i ON i.external_id = s.thumbnail_id
     WHERE m.outcome = 'created'
     ORDER BY m.id`);
  await findArticleTopics(context);
  await findFormerSlugs(context);
  await recordProvenance(context, KIND, `m.outcome = 'unchanged'`);
}

/** Writes the changed articles of the batch, and topics, former slugs and provenance of all articles in it. */
export async function writeArticleParts(context: MergeContext): Promise<void> {
  const { client } = context;
  await client.query(`
    UPDATE article a
       SET slug = m.slug, ${assignments([
         ['title', 'title', 's.title'],
         ['excerpt', 'excerpt', 's.excerpt'],
         ['body', 'body_source', 's.body_source'],
         ['body', 'body_format', 's.body_format'],
         ['body', 'body_html', 's.body_html'],
         ['body', 'body_text', 's.body_text'],
         ['body', 'reading_minutes', 's.reading_minutes'],
         ['body', 'rendering', String(RENDERING_VERSION)],
         ['cover', 'cover_url', 'i.url'],
         ['cover', 'cover_alt', 'i.alt'],
         ['cover', 'cover_caption', 'i.caption'],
         ['cover', 'cover_width', 'i.width'],
         ['cover', 'cover_height', 'i.height'],
         ['publication', 'status', 's.status'],
         ['publication', 'published_at', PUBLISHED_AT],
         ['author', 'author_id', 'author.id'],
         ['comment_policy', 'comment_policy', 's.comment_policy'],
         ['language', 'language', 's.language'],
       ])},
           updated_at = greatest(a.updated_at, coalesce(s.modified_at, CURRENT_TIMESTAMP)), version = a.version + 1
      FROM merge_article m
      JOIN staged_article s USING (item)
      JOIN merge_author author ON author.external_id = s.login
      LEFT JOIN merge_image i ON i.external_id = s.thumbnail_id
     WHERE m.id = a.id AND m.outcome = 'updated' AND ${IN_BATCH}`);
  await writeArticleTopics(context);
  await writeFormerSlugs(context);
  await recordProvenance(context, KIND, `m.outcome <> 'unchanged' AND ${IN_BATCH}`);
}

/** Keeps the articles of the batch that were changed here since they were matched. */
export function keepChangedArticles(context: MergeContext): Promise<void> {
  return keepChanged(context, KIND, IN_BATCH);
}

export async function reportArticles(context: MergeContext): Promise<void> {
  await reportKept(context, KIND);
  await reportFormerSlugs(context);
  context.report.addOutcomes('articles', await countOutcomes(context.client, 'merge_article'));
  await reportCovers(context);
}

/** SQL: sets columns to what the file has, unless their field is kept. */
function assignments(columns: readonly [field: string, column: string, wanted: string][]): string {
  return columns.map(([field, column, wanted]) => `${column} = ${merged(field, `a.${column}`, wanted)}`).join(', ');
}
