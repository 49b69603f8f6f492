import type { Context } from '../context.ts';
import { clearLoaders, contextLoader } from '../context-loader.ts';
import { memoizedQuery } from '../list/list-query.ts';
import { createListReader } from '../list/list-reader.ts';
import type { ArticleRow } from '../row-types.ts';
import { ALL_FIELDS } from '../selection.ts';
import { articleJson, reviveArticle } from './article-columns.ts';

export const articles = createListReader<ArticleRow>(reviveArticle);

const idQuery = memoizedQuery((row: string) => ({
  from: 'article a',
  where: 'a.id = k.id',
  order: [{ sql: 'a.id', type: 'int' }],
  descending: false,
  row,
  keys: { id: 'int' },
}));

/** Articles with all their columns, whatever their status: only for ids from a row that the viewer may see. */
export const articleLoader = contextLoader((ids: readonly number[], context) =>
  Promise.all(ids.map((id) => articles.one(context, idQuery(articleJson(ALL_FIELDS)), [id]))).then((rows) =>
    rows.map((row) => row ?? new Error('An article that is referred to is missing.')),
  ),
);

/** The article after a change, with all its columns. */
export function reloadArticle(context: Context, id: number): Promise<ArticleRow> {
  clearLoaders(context);
  return articleLoader(context).load(id);
}
