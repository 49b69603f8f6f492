import { IN_BATCH } from './batches.ts';
import type { MergeContext } from './merge-context.ts';

/** Finds the topics of the new and changed articles, in the order of the file. */
export async function findArticleTopics({ client }: MergeContext): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE merge_article_topic AS
    SELECT m.id AS article_id, t.id AS topic_id, min(named.position)::int - 1 AS position
      FROM merge_article m
      JOIN staged_article s USING (item)
      CROSS JOIN LATERAL unnest(s.topics) WITH ORDINALITY named (slug, position)
      JOIN merge_topic t ON t.external_id = named.slug
     WHERE m.outcome <> 'unchanged' AND NOT 'topics' = ANY (m.kept)
     GROUP BY 1, 2`);
  await client.query('CREATE UNIQUE INDEX ON merge_article_topic (article_id, topic_id); ANALYZE merge_article_topic');
}

/** Writes the topics of the articles of the batch. */
export async function writeArticleTopics({ client }: MergeContext): Promise<void> {
  await client.query(`
    DELETE FROM article_topic a USING merge_article m
     WHERE m.id = a.article_id AND m.outcome = 'updated' AND NOT 'topics' = ANY (m.kept) AND ${IN_BATCH}
       AND NOT EXISTS (SELECT FROM merge_article_topic t WHERE (t.article_id, t.topic_id) = (a.article_id, a.topic_id))`);
  await client.query(`
    INSERT INTO article_topic AS a (article_id, topic_id, position)
    SELECT article_id, topic_id, position FROM merge_article_topic t JOIN merge_article m ON m.id = t.article_id
     WHERE ${IN_BATCH} AND m.outcome <> 'unchanged' ORDER BY article_id, topic_id
    ON CONFLICT (article_id, topic_id) DO UPDATE SET position = EXCLUDED.position
    WHERE a.position <> EXCLUDED.position`);
}
