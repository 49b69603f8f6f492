import { type Columns, jsonObject, memoizeBySelection, selectedColumns, textColumns } from '../list/json-columns.ts';
import { ALL_FIELDS, type Selection } from '../selection.ts';

const FIELDS = {
  slug: { slug: 'slug' },
  name: { name: 'name' },
  kind: { kind: 'kind' },
  avatarUrl: { avatarUrl: 'avatar_url' },
  url: { url: 'url' },
  articleCount: { articleCount: 'article_count' },
  articles: { articleCount: 'article_count' },
};

function authorColumns(alias: string, selection: Selection): Columns {
  return {
    id: `${alias}.id`,
    // Orders the list of authors.
    name: `${alias}.name`,
    ...selectedColumns(alias, selection, FIELDS),
    ...textColumns('bio', alias, selection.at('bio')),
  };
}

/** JSON of an author `u`. */
export const authorJson = memoizeBySelection((selection) => jsonObject(authorColumns('u', selection)));

/** JSON of an author `w` with all columns. */
export const writerJson = jsonObject(authorColumns('w', ALL_FIELDS));

/** JSON of the author of an article or comment. @param alias the article's or comment's alias */
export function authorOfJson(alias: string, selection: Selection): string {
  return `(SELECT ${jsonObject(authorColumns('w', selection))} FROM author w WHERE w.id = ${alias}.author_id)`;
}
