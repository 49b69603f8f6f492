import { RENDERING_VERSION } from '../../../schema/content/text/render.ts';
import { assignSlugs, writeFormerSlugs } from './article-slugs.ts';
import { writeArticleTopics } from './article-topics.ts';
import { matchCovers, reportCovers } from './covers.ts';
import { countOutcomes, countReason, type MergeContext, recordProvenance } from './merge-context.ts';

/** A published or scheduled article always has a date, even if the file has none. */
const PUBLISHED_AT = `CASE WHEN s.status <> 'DRAFT' THEN coalesce(s.published_at, CURRENT_TIMESTAMP) END`;

/** Decides which articles are new, changed or unchanged. A changed cover is a change of its article. */
export async function matchArticles(context: MergeContext): Promise<void> {
  const { client, source, report } = context;
  await matchCovers(context);
  await client.query(`
    CREATE TEMP TABLE merge_article (
      line int, item int PRIMARY KEY, external_id text, slug text, digest text, id int, old_slug text, outcome text
    ) ON COMMIT DROP`);
  await client.query(
    `
    INSERT INTO merge_article
    SELECT s.line, s.item, s.external_id, s.slug, s.digest, a.id, a.slug,
           CASE WHEN a.id IS NULL THEN 'created' WHEN p.digest <> s.digest THEN 'updated' ELSE 'unchanged' END
      FROM (
        SELECT DISTINCT ON (s.external_id) s.line, s.item, s.external_id, s.slug,
               CASE WHEN i.external_id IS NULL THEN s.digest
                    ELSE encode(sha256(convert_to(
                      s.digest || json_build_array(i.url, i.alt, i.caption, i.width, i.height), 'UTF8')), 'hex')
               END AS digest
          FROM staged_article s LEFT JOIN merge_image i ON i.external_id = s.thumbnail_id
         ORDER BY s.external_id, s.item
      ) s
      LEFT JOIN provenance p ON p.source = $1 AND p.kind = 'article' AND p.external_id = s.external_id
      LEFT JOIN article a ON a.id = p.entity_id`,
    [source],
  );
  // Ids are assigned in the order of publication, as if the articles had been written here.
  await client.query(`
    UPDATE merge_article m SET id = nextval('article_id_seq')
      FROM (SELECT item FROM staged_article ORDER BY created_at, item) s
     WHERE s.item = m.item AND m.outcome = 'created'`);
  await client.query('CREATE INDEX ON merge_article (id); CREATE INDEX ON merge_article (slug); ANALYZE merge_article');
  const repeated = `
    SELECT external_id AS id, title, line FROM staged_article s
     WHERE NOT EXISTS (SELECT FROM merge_article m WHERE m.item = s.item)`;
  report.addSkippedReason(
    'articles',
    await countReason(client, `has the ${context.idNames.article} of an earlier post`, repeated),
  );
}

/** Writes the articles with their topics and former slugs. */
export async function writeArticles(context: MergeContext): Promise<void> {
  const { client, report } = context;
  await assignSlugs(context);
  await client.query(`
    INSERT INTO article (
      id, slug, title, excerpt, body_source, body_format, body_html, body_text, reading_minutes, cover_url, cover_alt,
      cover_caption, cover_width, cover_height, rendering, status, published_at, created_at, updated_at, author_id,
      comment_policy)
    SELECT m.id, m.slug, s.title, s.excerpt, s.body_source, s.body_format, s.body_html, s.body_text, s.reading_minutes,
           i.url, i.alt, i.caption, i.width, i.height, ${RENDERING_VERSION}, s.status, ${PUBLISHED_AT},
           coalesce(s.created_at, CURRENT_TIMESTAMP), coalesce(s.modified_at, s.created_at, CURRENT_TIMESTAMP),
           author.id, s.comment_policy
      FROM merge_article m
      JOIN staged_article s USING (item)
      JOIN merge_author author ON author.external_id = s.login
      LEFT JOIN merge_image i ON i.external_id = s.thumbnail_id
     WHERE m.outcome = 'created'
     ORDER BY m.id`);
  await client.query(`
    UPDATE article a
       SET slug = m.slug, title = s.title, excerpt = s.excerpt, body_source = s.body_source, body_format = s.body_format,
           body_html = s.body_html, body_text = s.body_text, reading_minutes = s.reading_minutes, rendering = ${RENDERING_VERSION},
           cover_url = i.url, cover_alt = i.alt, cover_caption = i.caption, cover_width = i.width,
           cover_height = i.height, status = s.status, published_at = ${PUBLISHED_AT},
           updated_at = greatest(a.updated_at, coalesce(s.modified_at, CURRENT_TIMESTAMP)), version = a.version + 1,
           author_id = author.id, comment_policy = s.comment_policy
      FROM merge_article m
      JOIN staged_article s USING (item)
      JOIN merge_author author ON author.external_id = s.login
      LEFT JOIN merge_image i ON i.external_id = s.thumbnail_id
     WHERE m.id = a.id AND m.outcome = 'updated'`);
  await writeArticleTopics(context);
  await writeFormerSlugs(context);
  await recordProvenance(context, 'article', 'merge_article');
  report.addOutcomes('articles', await countOutcomes(client, 'merge_article'));
  await reportCovers(context);
}
