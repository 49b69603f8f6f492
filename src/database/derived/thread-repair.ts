import type pg from 'pg';
import { computeThreads, dropThreadTables, selectArticles } from './thread-derivation.ts';
import {
  countUnreachableComments,
  findChangedDiscussions,
  type ThreadDifferences,
  updateDifferingRows,
} from './thread-differences.ts';

/**
 * Computes every derived column of the discussions of the given articles, or of all, from (article_id, parent_id, status,
 * created_at, id, reaction_counts), and updates the rows that differ. Runs inside the caller's READ COMMITTED transaction
 * and locks rows until it ends: articles, then authors, each in order of id. Readers do not wait.
 *
 * Existing ordinals are kept. A caller inserts a new row with the path `ARRAY[-id]`: ordinals start at 1, so this path is
 * free, and unique in its article. The row then gets the next ordinals below its parent, in order of (created_at, id).
 *
 * @returns how many rows of each table were updated; unreachable comments are counted, but not changed
 */
export async function rebuildThreads(
  client: pg.ClientBase,
  articleIds?: readonly number[],
): Promise<ThreadDifferences> {
  return (await repairThreads(client, articleIds)).updated;
}

interface RepairedThreads {
  updated: ThreadDifferences;
  /** Articles of which readers see something else than before. */
  changedArticleIds: number[];
}

/**
 * As `rebuildThreads`, and finds the articles whose discussions have changed: no event announces that.
 *
 * @param authors false leaves the counters of authors to the caller, and does not lock their rows
 */
export async function repairThreads(
  client: pg.ClientBase,
  articleIds?: readonly number[],
  { authors = true }: { authors?: boolean } = {},
): Promise<RepairedThreads> {
  await selectArticles(client, articleIds);
  await client.query('SELECT FROM article WHERE id IN (SELECT id FROM thread_article) ORDER BY id FOR NO KEY UPDATE');
  if (authors)
    await client.query(
      `
      SELECT FROM author
       WHERE $1 OR id IN (SELECT author_id FROM comment WHERE article_id IN (SELECT id FROM thread_article))
       ORDER BY id FOR NO KEY UPDATE`,
      [articleIds === undefined],
    );
  await computeThreads(client, { everyAuthor: articleIds === undefined });
  const changedArticleIds = await findChangedDiscussions(client);
  // PostgreSQL checks that paths are unique after each row, so a row that moves first gives up its old path.
  await client.query(`
    UPDATE comment SET path = ARRAY[-comment.id] FROM thread_comment t
     WHERE t.id = comment.id AND comment.path <> t.path AND comment.path <> ARRAY[-comment.id]`);
  const updated = {
    comments: await updateDifferingRows(client, 'comment'),
    articles: await updateDifferingRows(client, 'article'),
    authors: authors ? await updateDifferingRows(client, 'author') : 0,
    unreachable: await countUnreachableComments(client),
  };
  await dropThreadTables(client);
  return { updated, changedArticleIds };
}
