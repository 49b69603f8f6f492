import type { Queryable } from '../context.ts';

/** Makes these topics the article's topics, in this order. Call it under the lock of slugs. */
export async function setTopics(tx: Queryable, id: number, topicIds: readonly number[]): Promise<void> {
  await tx.query({
    name: 'article-topics-set',
    // A trigger counts each topic's articles and so locks the topics' rows: in order of id, as everywhere.
    text: `WITH gone AS (DELETE FROM article_topic WHERE article_id = $1 AND topic_id <> ALL($2::int[]))
      INSERT INTO article_topic (article_id, topic_id, position)
      SELECT $1, topic_id, place - 1 FROM unnest($2::int[]) WITH ORDINALITY AS wanted(topic_id, place) ORDER BY topic_id
      ON CONFLICT (article_id, topic_id) DO UPDATE SET position = EXCLUDED.position`,
    values: [id, topicIds],
  });
}
