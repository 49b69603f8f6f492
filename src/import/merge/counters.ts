import type { MergeContext } from './merge-context.ts';

/**
 * Adds the new articles and their comments to the counters of topics and staff. Others may write these rows: it is the last step of
 * the transaction, so that they do not wait for the steps before it. Guests may be many and are counted after it (`countGuests`).
 */
export async function addToCounters({ client }: Pick<MergeContext, 'client'>): Promise<void> {
  const created = `SELECT id FROM merge_article WHERE outcome = 'created'`;
  await client.query(`
    CREATE TEMP TABLE merge_topic_count AS
    SELECT topic_id AS id, count(*)::int AS added FROM article_topic
     WHERE published_at IS NOT NULL AND article_id IN (${created}) GROUP BY 1`);
  await client.query(`
    CREATE TEMP TABLE merge_author_count AS
    SELECT counted.*, author.kind = 'GUEST' AND articles = 0 AS is_guest, row_number() OVER (ORDER BY id) AS number FROM (
      SELECT id, sum(articles)::int AS articles, sum(comments)::int AS comments FROM (
        SELECT author_id AS id, count(*) AS articles, 0 AS comments FROM article
         WHERE status = 'PUBLISHED' AND id IN (${created}) GROUP BY 1
        UNION ALL
        SELECT author_id, 0, count(*) FROM comment
         WHERE visible AND status = 'VISIBLE' AND article_id IN (${created}) GROUP BY 1
      ) parts GROUP BY 1
    ) counted JOIN author USING (id)`);
  await client.query('CREATE UNIQUE INDEX ON merge_author_count (id); CREATE INDEX ON merge_author_count (number)');
  await client.query(`SELECT FROM topic WHERE id IN (SELECT id FROM merge_topic_count) ORDER BY id FOR NO KEY UPDATE`);
  await client.query(
    `SELECT FROM author WHERE id IN (SELECT id FROM merge_author_count WHERE NOT is_guest) ORDER BY id FOR NO KEY UPDATE`,
  );
  await client.query(`
    UPDATE topic t SET article_count = t.article_count + c.added FROM merge_topic_count c WHERE c.id = t.id`);
  await client.query(`
    UPDATE author a SET article_count = a.article_count + c.articles, comment_count = a.comment_count + c.comments
      FROM merge_author_count c WHERE c.id = a.id AND NOT c.is_guest`);
}
