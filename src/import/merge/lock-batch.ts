import type pg from 'pg';

/** Locks the rows that a batch changes: articles, then the topics and authors whose counters or rows change with them. */
export async function lockBatch(client: pg.ClientBase): Promise<void> {
  await client.query('SELECT FROM article WHERE id IN (SELECT id FROM merge_batch) ORDER BY id FOR NO KEY UPDATE');
  const updated = `SELECT id FROM merge_article m WHERE outcome = 'updated' AND id IN (SELECT id FROM merge_batch)`;
  await client.query(`
    SELECT FROM topic WHERE id IN (
      SELECT topic_id FROM article_topic WHERE article_id IN (${updated})
      UNION
      SELECT topic_id FROM merge_article_topic WHERE article_id IN (${updated})
    ) ORDER BY id FOR NO KEY UPDATE`);
  await client.query(`
    SELECT FROM author WHERE id IN (
      SELECT author_id FROM article WHERE id IN (${updated})
      UNION
      SELECT author.id FROM merge_article m JOIN staged_article s USING (item) JOIN merge_author author ON author.external_id = s.login
       WHERE m.id IN (${updated})
      UNION
      SELECT author.id FROM merge_comment m JOIN staged_comment s USING (file_position) JOIN author USING (guest_key)
       WHERE m.outcome = 'created' AND m.article_id IN (SELECT id FROM merge_batch)
      UNION
      SELECT author_id FROM comment WHERE article_id IN (SELECT id FROM merge_batch)
    ) ORDER BY id FOR NO KEY UPDATE`);
}
