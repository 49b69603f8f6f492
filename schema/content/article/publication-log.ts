import type { Queryable } from '../context.ts';

/**
 * Writes a publication into the log. The lock of the table is held until the commit, so sequences have the order of
 * commits: a reader of the log that has one has all before it. It is the last lock that a transaction takes.
 */
export async function logPublication(tx: Queryable, articleId: number): Promise<void> {
  await tx.query({ text: 'LOCK TABLE article_publication IN SHARE ROW EXCLUSIVE MODE', values: [] });
  await tx.query({
    name: 'article-publication-log',
    text: 'INSERT INTO article_publication (article_id, at) VALUES ($1, clock_timestamp())',
    values: [articleId],
  });
}
