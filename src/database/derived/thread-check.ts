import type pg from 'pg';
import { computeThreads, dropThreadTables, selectArticles } from './thread-derivation.ts';
import {
  countDifferingRows,
  countUnreachableComments,
  findExamples,
  type ThreadDifference,
  type ThreadDifferences,
} from './thread-differences.ts';

/**
 * Compares the stored derived columns of the discussions of the given articles, or of all, with newly computed ones, and
 * changes nothing. Runs inside the caller's transaction, which must be REPEATABLE READ if comments can arrive meanwhile.
 *
 * @returns how many rows differ, with the first few of each table
 */
export async function checkThreads(
  client: pg.ClientBase,
  articleIds?: readonly number[],
): Promise<ThreadDifferences & { examples: ThreadDifference[] }> {
  await selectArticles(client, articleIds);
  await computeThreads(client, { everyAuthor: articleIds === undefined });
  const found = {
    comments: await countDifferingRows(client, 'comment'),
    articles: await countDifferingRows(client, 'article'),
    authors: await countDifferingRows(client, 'author'),
    unreachable: await countUnreachableComments(client),
    examples: [
      ...(await findExamples(client, 'comment')),
      ...(await findExamples(client, 'article')),
      ...(await findExamples(client, 'author')),
    ],
  };
  await dropThreadTables(client);
  return found;
}
