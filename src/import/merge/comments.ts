import { RENDERING_VERSION } from '../../../schema/content/text/render.ts';
import { resolveParents } from './comment-parents.ts';
import { countOutcomes, countReason, type MergeContext, recordProvenance } from './merge-context.ts';

/** Decides which comments are new, changed or unchanged, and finds the parents of the new ones. */
export async function matchComments(context: MergeContext): Promise<void> {
  const { client, source, report } = context;
  await client.query(`
    CREATE TEMP TABLE merge_comment (
      file_position int PRIMARY KEY, external_id text, article_id int, id int, author_id int, parent_id int,
      created_at timestamptz, digest text, outcome text
    ) ON COMMIT DROP`);
  await client.query(
    `
    INSERT INTO merge_comment
    SELECT s.file_position, s.external_id, coalesce(c.article_id, s.article_id), c.id, c.author_id, c.parent_id,
           s.created_at, s.digest,
           CASE WHEN c.id IS NULL THEN 'created' WHEN p.digest <> s.digest THEN 'updated' ELSE 'unchanged' END
      FROM (
        SELECT DISTINCT ON (external_id) s.file_position, s.external_id, s.created_at, s.digest, m.id AS article_id
          FROM staged_comment s JOIN merge_article m USING (item) ORDER BY external_id, s.file_position
      ) s
      LEFT JOIN provenance p ON p.source = $1 AND p.kind = 'comment' AND p.external_id = s.external_id
      LEFT JOIN comment c ON c.id = p.entity_id`,
    [source],
  );
  await client.query(`
    UPDATE merge_comment m SET id = nextval('comment_id_seq')
      FROM (SELECT file_position FROM staged_comment ORDER BY created_at, file_position) s
     WHERE s.file_position = m.file_position AND m.outcome = 'created'`);
  await client.query('CREATE UNIQUE INDEX ON merge_comment (external_id); CREATE INDEX ON merge_comment (id)');
  await client.query('ANALYZE merge_comment');
  await resolveParents(context);
  const withoutArticle = `
    SELECT external_id AS id, name AS title, line FROM staged_comment s
     WHERE NOT EXISTS (SELECT FROM merge_article m WHERE m.item = s.item)
       AND NOT EXISTS (SELECT FROM staged_thread t WHERE t.item = s.item)`;
  report.addSkippedReason(
    'comments',
    await countReason(client, 'belongs to a post that is not imported', withoutArticle),
  );
  const repeated = `
    SELECT external_id AS id, name AS title, line FROM staged_comment s
     WHERE EXISTS (SELECT FROM merge_article m WHERE m.item = s.item)
       AND NOT EXISTS (SELECT FROM merge_comment m WHERE m.file_position = s.file_position)`;
  report.addSkippedReason(
    'comments',
    await countReason(client, `has the ${context.idNames.comment} of an earlier comment`, repeated),
  );
}

/**
 * Writes the comments without their derived columns, which `rebuildThreads` computes. An update changes the body and
 * the status of a comment, not its author, date or parent.
 *
 * @returns ids of the articles whose discussions have changed
 */
export async function writeComments(context: MergeContext): Promise<number[]> {
  const { client, report } = context;
  await client.query(`
    INSERT INTO comment (
      id, article_id, parent_id, author_id, path, depth, status, body_source, body_format, body_html, body_text,
      rendering, created_at)
    SELECT m.id, m.article_id, m.parent_id, coalesce(staff.id, guest.id), ARRAY[-m.id], 0, s.status, s.body_source,
           s.body_format, s.body_html, s.body_text, ${RENDERING_VERSION}, coalesce(s.created_at, article.created_at)
      FROM merge_comment m
      JOIN staged_comment s USING (file_position)
      JOIN article ON article.id = m.article_id
      LEFT JOIN (SELECT DISTINCT ON (user_id) user_id, id FROM merge_author ORDER BY user_id, file_position) staff
        ON staff.user_id = s.user_id
      LEFT JOIN author guest ON guest.guest_key = s.guest_key
     WHERE m.outcome = 'created'
     ORDER BY m.id`);
  await client.query(`
    UPDATE comment c SET status = s.status, body_source = s.body_source, body_format = s.body_format,
           body_html = s.body_html, body_text = s.body_text, rendering = ${RENDERING_VERSION},
           restore_status = CASE WHEN c.status IN ('VISIBLE', 'PENDING') THEN c.status ELSE c.restore_status END,
           version = c.version + (c.body_source <> s.body_source)::int,
           shown_version = CASE WHEN c.body_source <> s.body_source THEN c.version + 1 ELSE c.shown_version END
      FROM merge_comment m JOIN staged_comment s USING (file_position)
     WHERE m.id = c.id AND m.outcome = 'updated'`);
  await recordProvenance(context, 'comment', 'merge_comment');
  report.addOutcomes('comments', await countOutcomes(client, 'merge_comment'));
  const articles = await client.query<{ id: number }>(`
    SELECT DISTINCT article_id AS id FROM merge_comment WHERE outcome IN ('created', 'updated')`);
  return articles.rows.map(({ id }) => id);
}
