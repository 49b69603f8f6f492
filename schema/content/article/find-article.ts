import type { Context } from '../context.ts';
import { memoizedQuery } from '../list/list-query.ts';
import type { RowSql } from '../list/row-sql.ts';
import type { ArticleRow } from '../row-types.ts';
import type { Selection } from '../selection.ts';
import { sanitizeSlugInput } from '../text/slug.ts';
import { articleRow } from './article-columns.ts';
import { articles } from './article-reader.ts';
import { type ArticleScope, articleScopeOf } from './article-rules.ts';
import { IS_VISIBLE, viewerKey, viewerKeyValue } from './article-visibility.ts';
import { HAS_TOPIC } from './articles-about-topic.ts';

const idQuery = memoizedQuery((scope: ArticleScope, row: RowSql) => ({
  from: 'article a',
  where: `a.id = k.id AND ${IS_VISIBLE[scope]}`,
  order: [{ sql: 'a.id', type: 'int' }],
  descending: false,
  row,
  keys: { id: 'int', ...viewerKey(scope) },
}));

/** The article with this id, if the viewer may see it. */
export function articleById(context: Context, id: number, selection: Selection): Promise<ArticleRow | null> {
  const scope = articleScopeOf(context.viewer);
  const query = idQuery(scope, articleRow(selection));
  return articles.one(context, query, [id, ...viewerKeyValue(scope, context.viewer)]);
}

const slugQuery = memoizedQuery((scope: ArticleScope, row: RowSql) => ({
  // An article's present slug wins over another's former one.
  from: `(SELECT id, 0 AS age FROM article WHERE slug = k.slug
    UNION ALL SELECT article_id, 1 FROM former_slug WHERE slug = k.slug) found JOIN article a ON a.id = found.id`,
  where: IS_VISIBLE[scope],
  order: [{ sql: 'found.age', type: 'int' }],
  descending: false,
  row,
  keys: { slug: 'text', ...viewerKey(scope) },
}));

/** The article that has this slug, or had it before, if the viewer may see it. */
export function articleBySlug(context: Context, slug: string, selection: Selection): Promise<ArticleRow | null> {
  const scope = articleScopeOf(context.viewer);
  const query = slugQuery(scope, articleRow(selection));
  return articles.one(context, query, [sanitizeSlugInput(slug), ...viewerKeyValue(scope, context.viewer)]);
}

const publishedAboutQuery = memoizedQuery((row: RowSql) => {
  const published = idQuery('PUBLIC', row);
  return { ...published, where: `${published.where} AND ${HAS_TOPIC}`, keys: { ...published.keys, topic: 'text' } };
});

/**
 * The article with this id, if it is public and about a topic.
 * @param topic slug; null for an article about any topic or none
 */
export function publishedArticle(
  context: Context,
  { id, topic }: { id: number; topic: string | null },
  selection: Selection,
): Promise<ArticleRow | null> {
  const row = articleRow(selection);
  if (topic === null) return articles.one(context, idQuery('PUBLIC', row), [id]);
  return articles.one(context, publishedAboutQuery(row), [id, sanitizeSlugInput(topic)]);
}
