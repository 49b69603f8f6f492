import type { Context } from '../context.ts';
import type { ListQuery } from '../list/list-query.ts';
import { createListReader, type List } from '../list/list-reader.ts';
import type { Connection, PageArguments } from '../list/paging.ts';
import { rowSql } from '../list/row-sql.ts';
import type { ArticleRevisionRow, ArticleRow } from '../row-types.ts';
import { articleEditVerdict } from './article-rules.ts';

const revisions = createListReader<ArticleRevisionRow>();

const revisionsQuery: ListQuery = {
  from: 'article_revision r',
  where: 'r.article_id = k.article',
  order: [{ sql: 'r.version', type: 'int' }],
  descending: true,
  row: rowSql<ArticleRevisionRow>({ articleId: 'r.article_id', version: 'r.version' }),
  keys: { article: 'int' },
};

/** A page of the keys of an article's revisions, newest first. Null for a viewer who may not edit the article. */
export async function articleRevisions(
  context: Context,
  article: Pick<ArticleRow, 'id' | 'authorId' | 'status'>,
  page: PageArguments,
): Promise<Connection<ArticleRevisionRow> | null> {
  if (articleEditVerdict(context.viewer, article) !== 'ALLOWED') return null;
  const list: List<ArticleRevisionRow> = {
    name: `Article:${article.id}.revisions`,
    query: revisionsQuery,
    keys: [article.id],
    keyset: ({ version }) => [version],
  };
  return revisions.page(context, list, page);
}
