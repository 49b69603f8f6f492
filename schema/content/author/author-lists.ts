import type { Context } from '../context.ts';
import { contextLoader } from '../context-loader.ts';
import { memoizedQuery } from '../list/list-query.ts';
import { createListReader, type List } from '../list/list-reader.ts';
import type { AuthorRow } from '../row-types.ts';
import { ALL_FIELDS, type Selection } from '../selection.ts';
import { sanitizeSlugInput } from '../text/slug.ts';
import { authorJson } from './author-columns.ts';

export const authors = createListReader<AuthorRow>((row) => row);

/** The staff are public; others are once something of theirs is. */
const PUBLIC = "(u.kind = 'STAFF' OR u.article_count > 0 OR u.comment_count > 0)";

const byName = {
  from: 'author u',
  order: [
    { sql: 'u.name', type: 'text' },
    { sql: 'u.id', type: 'int' },
  ],
  descending: false,
} as const;

const writersQuery = memoizedQuery((row: string) => ({ ...byName, where: 'u.article_count > 0', row, keys: {} }));

/** Everyone with a published article, by name. */
export function writers(selection: Selection): List<AuthorRow> {
  return {
    name: 'authors',
    query: writersQuery(authorJson(selection)),
    keys: [],
    keyset: ({ name, id }) => [name, id],
  };
}

const slugQuery = memoizedQuery((row: string) => ({
  ...byName,
  where: `u.slug = k.slug AND ${PUBLIC}`,
  row,
  keys: { slug: 'text' },
}));

export function authorBySlug(context: Context, slug: string, selection: Selection): Promise<AuthorRow | null> {
  return authors.one(context, slugQuery(authorJson(selection)), [sanitizeSlugInput(slug)]);
}

const idQuery = memoizedQuery((row: string) => ({
  ...byName,
  where: `u.id = k.id AND ${PUBLIC}`,
  row,
  keys: { id: 'int' },
}));

export function authorById(context: Context, id: number, selection: Selection): Promise<AuthorRow | null> {
  return authors.one(context, idQuery(authorJson(selection)), [id]);
}

const wholeQuery = memoizedQuery((row: string) => ({ ...idQuery(row), where: 'u.id = k.id' }));

/** Authors with all their public columns, public or not: for what hangs on a row that the viewer already has. */
export const authorLoader = contextLoader((ids: readonly number[], context) =>
  Promise.all(ids.map((id) => authors.one(context, wholeQuery(authorJson(ALL_FIELDS)), [id]))).then((rows) =>
    rows.map((row) => row ?? new Error('An author who is referred to is missing.')),
  ),
);
