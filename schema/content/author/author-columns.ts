import {
  type Column,
  type Columns,
  memoizeBySelection,
  rowColumn,
  rowSql,
  selectedColumns,
  textColumns,
} from '../list/row-sql.ts';
import type { AuthorRow } from '../row-types.ts';
import type { Selection } from '../selection.ts';

const FIELDS = {
  slug: { slug: 'u.slug' },
  kind: { kind: 'u.kind' },
  avatarUrl: { avatarUrl: 'u.avatar_url' },
  url: { url: 'u.url' },
  articleCount: { articleCount: 'u.article_count' },
  articles: { articleCount: 'u.article_count' },
};

/** The columns of an author `u`. */
export function authorColumns(selection: Selection): Columns {
  return {
    id: 'u.id',
    // Orders the list of authors.
    name: 'u.name',
    ...selectedColumns(selection, FIELDS),
    ...textColumns('bio', 'u', selection.at('bio')),
  };
}

/** The author `u` of an article or comment. */
export const bylineRow = memoizeBySelection((selection) => rowSql<AuthorRow>(authorColumns(selection)));

/** A column with the author of an article or comment. @param alias the article's or comment's alias */
export function authorColumn(alias: string, selection: Selection): Column {
  return rowColumn(bylineRow(selection), `FROM author u WHERE u.id = ${alias}.author_id`);
}
