import { IN_BATCH } from './batches.ts';
import type { MergeContext } from './merge-context.ts';

/**
 * Finds the existing articles of which clients see something else after the import, but for what `repairThreads` finds: new
 * comments, and places and counters in threads. Call it when all rows are matched and none is written.
 */
export async function matchChangedDiscussions({ client }: Pick<MergeContext, 'client'>): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE merge_changed_discussion AS
    WITH renamed_author AS (
      SELECT a.id FROM merge_author m JOIN author a USING (id) WHERE m.outcome = 'updated' AND m.name <> a.name AND NOT 'name' = ANY (m.kept)
    ), renamed_topic AS (
      SELECT t.id FROM merge_topic m JOIN topic t USING (id) WHERE m.outcome = 'updated' AND m.name <> t.name AND NOT 'name' = ANY (m.kept)
    )
    SELECT id FROM merge_article WHERE outcome = 'updated'
    UNION
    SELECT m.article_id FROM merge_comment m JOIN staged_comment s USING (file_position) JOIN comment c ON c.id = m.id
     WHERE m.outcome = 'updated' AND (c.visible OR s.status = 'VISIBLE')
       AND (c.status, c.body_source, c.body_html) IS DISTINCT FROM (s.status, s.body_source, s.body_html)
    UNION
    SELECT id FROM article WHERE author_id IN (SELECT id FROM renamed_author)
    UNION
    SELECT article_id FROM comment WHERE visible AND author_id IN (SELECT id FROM renamed_author)
    UNION
    SELECT article_id FROM article_topic WHERE topic_id IN (SELECT id FROM renamed_topic)`);
}

/** Ids of those articles of the batch, and the given ones. */
export async function changedDiscussions(
  { client }: Pick<MergeContext, 'client'>,
  articleIds: readonly number[],
): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    `
    SELECT m.id FROM merge_changed_discussion m WHERE ${IN_BATCH} UNION SELECT unnest($1::int[]) ORDER BY id`,
    [articleIds],
  );
  return rows.map(({ id }) => id);
}
