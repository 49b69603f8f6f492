import type { Context } from '../context.ts';
import { memoizedQuery } from '../list/list-query.ts';
import { pageSize } from '../list/paging.ts';
import type { RowSql } from '../list/row-sql.ts';
import type { ArticleRow } from '../row-types.ts';
import type { Selection } from '../selection.ts';
import { articleRow } from './article-columns.ts';
import { articles } from './article-reader.ts';
import { IS_PUBLIC } from './article-visibility.ts';

/** Articles when the query gives no number. */
export const DEFAULT_RELATED = 3;
/** Only so many of the newest articles of each topic are compared. */
const RELATED_WITHIN = 50;

const relatedQuery = memoizedQuery((row: RowSql) => ({
  from: `(
    SELECT other.article_id AS id, count(*)::int AS shared
    FROM article_topic own CROSS JOIN LATERAL (
      SELECT article_id FROM article_topic
      WHERE topic_id = own.topic_id AND published_at IS NOT NULL AND article_id <> k.article
      ORDER BY published_at DESC, article_id DESC LIMIT ${RELATED_WITHIN}
    ) other WHERE own.article_id = k.article GROUP BY other.article_id
  ) near JOIN article a ON a.id = near.id`,
  where: IS_PUBLIC,
  order: [
    { sql: 'near.shared', type: 'int' },
    { sql: 'a.published_at', type: 'timestamptz' },
    { sql: 'a.id', type: 'int' },
  ],
  descending: true,
  row,
  keys: { article: 'int' },
}));

/**
 * Published articles that share the most topics with this one, newest first among equals.
 * @param first number of articles
 * @throws BadUserInputError for a number out of range
 */
export async function relatedArticles(
  context: Context,
  { id }: Pick<ArticleRow, 'id'>,
  { first, selection }: { first: number | null | undefined; selection: Selection },
): Promise<ArticleRow[]> {
  const size = pageSize('first', first, DEFAULT_RELATED);
  return articles.first(context, { query: relatedQuery(articleRow(selection)), keys: [id] }, size);
}
