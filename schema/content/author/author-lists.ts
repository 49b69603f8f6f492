import type { Context } from '../context.ts';
import { PEOPLE } from '../dependencies.ts';
import { memoizedQuery } from '../list/list-query.ts';
import { createListReader, type List } from '../list/list-reader.ts';
import { rowLoader } from '../list/row-loader.ts';
import type { RowSql } from '../list/row-sql.ts';
import type { AuthorRow } from '../row-types.ts';
import { ALL_FIELDS, type Selection } from '../selection.ts';
import { sanitizeSlugInput } from '../text/slug.ts';
import { authorRow } from './author-row.ts';

export const authors = createListReader<AuthorRow>(({ articles }) => articles?.rows.map(({ id }) => id) ?? []);

/** Condition of SQL: the author `u` is staff, or something that they wrote is public. */
const IS_PUBLIC = "(u.kind = 'STAFF' OR u.article_count > 0 OR u.comment_count > 0)";

const byName = {
  from: 'author u',
  order: [
    { sql: 'u.name', type: 'text' },
    { sql: 'u.id', type: 'int' },
  ],
  descending: false,
} as const;

const writersQuery = memoizedQuery((row: RowSql) => ({ ...byName, where: 'u.article_count > 0', row, keys: {} }));

/** Authors with a published article, by name. */
export function writers(selection: Selection): List<AuthorRow> {
  return {
    name: 'authors',
    query: writersQuery(authorRow(selection)),
    keys: [],
    keyset: ({ name, id }) => [name, id],
  };
}

const slugQuery = memoizedQuery((row: RowSql) => ({
  ...byName,
  where: `u.slug = k.slug AND ${IS_PUBLIC}`,
  row,
  keys: { slug: 'text' },
}));

export function authorBySlug(context: Context, slug: string, selection: Selection): Promise<AuthorRow | null> {
  context.dependencies?.subjects.add(PEOPLE);
  return authors.one(context, slugQuery(authorRow(selection)), [sanitizeSlugInput(slug)]);
}

const idQuery = memoizedQuery((row: RowSql) => ({
  ...byName,
  where: `u.id = k.id AND ${IS_PUBLIC}`,
  row,
  keys: { id: 'int' },
}));

export function authorById(context: Context, id: number, selection: Selection): Promise<AuthorRow | null> {
  context.dependencies?.subjects.add(PEOPLE);
  return authors.one(context, idQuery(authorRow(selection)), [id]);
}

/** Authors with their public columns, public or not: only for ids from a row that the viewer may see. */
export const authorLoader = rowLoader(authors, {
  ...byName,
  where: 'u.id = k.id',
  row: authorRow(ALL_FIELDS),
  keys: { id: 'int' },
});
