import type { Context } from '../context.ts';
import type { ListQuery } from '../list/list-query.ts';
import { createListReader } from '../list/list-reader.ts';
import type { Connection, PageArguments } from '../list/paging.ts';
import type { ArticleRevisionRow } from '../row-types.ts';

const revisions = createListReader<ArticleRevisionRow>((row) => row);

const revisionsQuery: ListQuery = {
  from: 'article_revision r',
  where: 'r.article_id = k.article',
  order: [{ sql: 'r.version', type: 'int' }],
  descending: true,
  row: "json_build_object('articleId', r.article_id, 'version', r.version)",
  keys: { article: 'int' },
};

/** The keys of an article's revisions, newest first. Whether the viewer may see them is the caller's question. */
export function revisionsOf(
  context: Context,
  articleId: number,
  page: PageArguments,
): Promise<Connection<ArticleRevisionRow>> {
  const list = {
    name: `Article:${articleId}.revisions`,
    query: revisionsQuery,
    keys: [articleId],
    keyset: ({ version }: ArticleRevisionRow) => [version],
  };
  return revisions.page(context, list, page);
}
