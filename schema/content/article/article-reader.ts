import type { Context } from '../context.ts';
import { clearLoaders } from '../context-loader.ts';
import { createListReader } from '../list/list-reader.ts';
import { rowLoader } from '../list/row-loader.ts';
import type { ArticleRow } from '../row-types.ts';
import { ALL_FIELDS } from '../selection.ts';
import { articleRow } from './article-columns.ts';

export const articles = createListReader<ArticleRow>(({ id }) => [id]);

/** Articles of any status: only for ids from a row that the viewer may see. */
export const articleLoader = rowLoader(articles, {
  from: 'article a',
  where: 'a.id = k.id',
  order: [{ sql: 'a.id', type: 'int' }],
  descending: false,
  row: articleRow(ALL_FIELDS),
  keys: { id: 'int' },
});

/** The article after a change, with all its columns. */
export function reloadArticle(context: Context, id: number): Promise<ArticleRow> {
  clearLoaders(context);
  return articleLoader(context).load(id);
}
