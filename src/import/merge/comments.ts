import { RENDERING_VERSION } from '../../../schema/content/text/render.ts';
import { ARTICLE_IN_BATCH } from './batches.ts';
import { resolveParents } from './comment-parents.ts';
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

const FIELDS: MergedFields = [
  { name: 'status', current: 'e.status', wanted: 's.status' },
  {
    name: 'body',
    current: `(e.body_format || ' ' || e.body_source)`,
    wanted: `(s.body_format::text || ' ' || s.body_source)`,
  },
];

const KIND = { kind: 'comment', table: 'merge_comment', entity: 'comment', fields: FIELDS } as const;

/** Whether an update changes the words of a comment. */
const BODY_CHANGES = `(c.body_source <> s.body_source AND NOT 'body' = ANY (m.kept))`;

/**
 * Condition of SQL: the staged comment is of a person who was removed here: a member of the imported site's staff, or one whose comment
 * was imported before. Of such a comment no digest is kept.
 */
const BY_REMOVED = (staged: string): string =>
  `(EXISTS (SELECT FROM merge_author a WHERE a.user_id = ${staged}.user_id AND a.outcome IS NULL)
    OR EXISTS (SELECT FROM merge_removed_comment r WHERE r.external_id = ${staged}.external_id))`;

/** Decides which comments are new, changed or unchanged, and finds the parents of the new ones. */
export async function matchComments(context: MergeContext): Promise<void> {
  const { client, source, overwrite } = context;
  await client.query(`
    CREATE TEMP TABLE merge_comment (
      file_position int PRIMARY KEY, line int, external_id text, title text, article_id int, id int, author_id int,
      parent_id int, created_at timestamptz, digest text, outcome text, kept text[] NOT NULL, seen text
    )`);
  await client.query('CREATE TEMP TABLE merge_removed_comment (external_id text)');
  await client.query(
    `INSERT INTO merge_removed_comment
     SELECT external_id FROM provenance WHERE source = $1 AND kind = 'comment' AND digest = ''`,
    [source],
  );
  await client.query(
    `
    INSERT INTO merge_comment
    SELECT file_position, line, external_id, title, article_id, id, author_id, parent_id, created_at, digest,
           CASE WHEN id IS NULL THEN 'created'
                -- What its author removed here is not put back.
                WHEN ${IS_UPDATED} AND NOT withdrawn THEN 'updated' ELSE 'unchanged' END, kept, seen
      FROM (
        SELECT found.*, CASE WHEN id IS NULL THEN '{}' ELSE ${KEPT} END AS kept
          FROM (
            SELECT e.withdrawn, s.file_position, s.line, s.external_id, s.name AS title, coalesce(e.article_id, s.imported_id) AS article_id,
                   e.id, e.author_id, e.parent_id, s.created_at, s.digest, p.digest AS old_digest,
                   ${differingFields(FIELDS)} AS differing, ${locallyChangedFields(FIELDS, 'p.written')} AS changed, ${seenDigest(FIELDS)} AS seen
              FROM (
                SELECT DISTINCT ON (c.external_id) c.*, m.id AS imported_id
                  FROM staged_comment c JOIN merge_article m USING (item) ORDER BY c.external_id, c.file_position
              ) s
              LEFT JOIN provenance p ON p.source = $1 AND p.kind = 'comment' AND p.external_id = s.external_id
              LEFT JOIN comment e ON e.id = p.entity_id
             WHERE e.id IS NOT NULL OR NOT ${BY_REMOVED('s')}
          ) found
      ) decided`,
    [source, overwrite],
  );
  await client.query(`
    UPDATE merge_comment m SET id = numbered.id
      FROM (SELECT file_position, nextval('comment_id_seq') AS id FROM (
        SELECT file_position FROM staged_comment s JOIN merge_comment USING (file_position)
         WHERE outcome = 'created' ORDER BY s.created_at, file_position
      ) ordered) numbered
     WHERE numbered.file_position = m.file_position`);
  await client.query(
    'CREATE UNIQUE INDEX ON merge_comment (external_id); CREATE INDEX ON merge_comment (id); CREATE INDEX ON merge_comment (article_id)',
  );
  await client.query('ANALYZE merge_comment');
  await resolveParents(context);
  await reportSkipped(context);
}

async function reportSkipped({ client, report, idNames }: MergeContext): Promise<void> {
  const withoutArticle = `
    SELECT external_id AS id, name AS title, line FROM staged_comment s
     WHERE NOT EXISTS (SELECT FROM merge_article m WHERE m.item = s.item)
       AND NOT EXISTS (SELECT FROM staged_thread t WHERE t.item = s.item)`;
  report.addSkippedReason(
    'comments',
    await countReason(client, 'belongs to a post that is not imported', withoutArticle),
  );
  const left = `
    FROM staged_comment s WHERE EXISTS (SELECT FROM merge_article m WHERE m.item = s.item)
     AND NOT EXISTS (SELECT FROM merge_comment m WHERE m.file_position = s.file_position)`;
  const removed = `SELECT external_id AS id, NULL AS title, line ${left} AND ${BY_REMOVED('s')}`;
  report.addSkippedReason('comments', await countReason(client, 'is of a person who was removed here', removed));
  const repeated = `SELECT external_id AS id, name AS title, line ${left} AND NOT ${BY_REMOVED('s')}`;
  report.addSkippedReason(
    'comments',
    await countReason(client, `has the ${idNames.comment} of an earlier comment`, repeated),
  );
}

/** SQL: whether comments of the batch are in the moderators' queue, before or after they are written. */
const QUEUED = `SELECT FROM merge_comment m JOIN staged_comment s USING (file_position) LEFT JOIN comment c ON c.id = m.id
  WHERE m.outcome IN ('created', 'updated') AND ${ARTICLE_IN_BATCH} AND (c.waiting OR c.reported OR s.status = 'PENDING') LIMIT 1`;

interface WrittenComments {
  /** The articles of the batch whose discussions have changed. */
  articleIds: number[];
  /** Comments may have entered or left the moderators' queue. */
  changesQueue: boolean;
}

/**
 * Writes the comments of the batch without their derived columns, which `rebuildThreads` computes. An update changes the body and
 * the status of a comment, not its author, date or parent. The reports of a comment that it hides are settled, as when a moderator
 * hides it.
 */
export async function writeComments(context: MergeContext): Promise<WrittenComments> {
  const { client } = context;
  const queued = await client.query(QUEUED);
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
      LEFT JOIN merge_guest guest ON guest.guest_key = s.guest_key
     WHERE m.outcome = 'created' AND ${ARTICLE_IN_BATCH}
     ORDER BY m.id`);
  await client.query(`
    UPDATE comment c SET
           status = ${merged('status', 'c.status', 's.status')},
           pinned = c.pinned AND ${merged('status', 'c.status', 's.status')} <> 'REMOVED',
           body_source = ${merged('body', 'c.body_source', 's.body_source')},
           body_format = ${merged('body', 'c.body_format', 's.body_format')},
           body_html = ${merged('body', 'c.body_html', 's.body_html')},
           body_text = ${merged('body', 'c.body_text', 's.body_text')},
           rendering = ${merged('body', 'c.rendering', String(RENDERING_VERSION))},
           restore_status = CASE WHEN c.status IN ('VISIBLE', 'PENDING') AND NOT 'status' = ANY (m.kept)
                                 THEN c.status ELSE c.restore_status END,
           version = c.version + ${BODY_CHANGES}::int,
           shown_version = CASE WHEN ${BODY_CHANGES} THEN c.version + 1 ELSE c.shown_version END
      FROM merge_comment m JOIN staged_comment s USING (file_position)
     WHERE m.id = c.id AND m.outcome = 'updated' AND ${ARTICLE_IN_BATCH}`);
  await client.query(`
    UPDATE comment_report r SET settled = true FROM merge_comment m JOIN comment c USING (id)
     WHERE r.comment_id = m.id AND NOT r.settled AND m.outcome = 'updated' AND ${ARTICLE_IN_BATCH}
       AND NOT 'status' = ANY (m.kept) AND c.status IN ('REJECTED', 'SPAM', 'REMOVED')`);
  await recordProvenance(context, KIND, `m.outcome <> 'unchanged' AND ${ARTICLE_IN_BATCH}`);
  const articles = await client.query<{ id: number }>(`
    SELECT DISTINCT article_id AS id FROM merge_comment m WHERE outcome IN ('created', 'updated') AND ${ARTICLE_IN_BATCH}`);
  return { articleIds: articles.rows.map(({ id }) => id), changesQueue: queued.rowCount !== 0 };
}

/**
 * Stores the provenance of the comments that are as they were. Of a comment whose author removed it, nothing is stored: a digest
 * of the file's text would tell what a person wrote whose data was removed.
 */
export function recordUnchangedComments(context: MergeContext): Promise<void> {
  return recordProvenance(context, KIND, `m.outcome = 'unchanged' AND NOT e.withdrawn`);
}

/** Keeps the comments of the batch that were changed here since they were matched. */
export function keepChangedComments(context: MergeContext): Promise<void> {
  return keepChanged(context, KIND, ARTICLE_IN_BATCH);
}

export async function reportComments(context: MergeContext): Promise<void> {
  await reportKept(context, KIND);
  context.report.addOutcomes('comments', await countOutcomes(context.client, 'merge_comment'));
}
