import { articleRow } from '../article/article-columns.ts';
import { IS_PUBLIC } from '../article/article-visibility.ts';
import { firstRowsColumn } from '../list/first-rows.ts';
import { MAX_PAGE } from '../list/paging.ts';
import { memoizeBySelection, rowSql } from '../list/row-sql.ts';
import type { AuthorRow } from '../row-types.ts';
import { authorColumns } from './author-columns.ts';

/** An author `u` with the first of their articles. */
export const authorRow = memoizeBySelection((selection) => {
  const columns = authorColumns(selection);
  const articles = firstRowsColumn(selection, {
    field: 'articles',
    most: MAX_PAGE,
    from: () => `FROM article a WHERE a.author_id = u.id AND ${IS_PUBLIC} ORDER BY a.published_at DESC, a.id DESC`,
    row: ({ node }) => articleRow(node),
  });
  if (articles) columns.articles = articles;
  return rowSql<AuthorRow>(columns);
});
