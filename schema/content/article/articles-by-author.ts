import { memoizedQuery } from '../list/list-query.ts';
import type { List } from '../list/list-reader.ts';
import type { RowSql } from '../list/row-sql.ts';
import type { ArticleRow, AuthorRow } from '../row-types.ts';
import type { Selection } from '../selection.ts';
import { articleRow } from './article-columns.ts';
import { keysetOf } from './article-order.ts';
import { IS_PUBLIC } from './article-visibility.ts';

const authorQuery = memoizedQuery((row: RowSql) => ({
  from: 'article a',
  where: `a.author_id = k.author AND ${IS_PUBLIC}`,
  order: [
    { sql: 'a.published_at', type: 'timestamptz' },
    { sql: 'a.id', type: 'int' },
  ],
  descending: true,
  row,
  keys: { author: 'int' },
}));

/** Published articles by an author, newest first. */
export function articlesBy(author: Pick<AuthorRow, 'id' | 'articleCount'>, selection: Selection): List<ArticleRow> {
  return {
    name: `Author:${author.id}.articles`,
    query: authorQuery(articleRow(selection)),
    keys: [author.id],
    keyset: keysetOf('NEWEST'),
    total: author.articleCount,
  };
}
