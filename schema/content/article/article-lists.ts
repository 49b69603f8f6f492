import type { ArticleStatus } from '../../../prisma/client/enums.ts';
import type { Context } from '../context.ts';
import { contextLoader } from '../context-loader.ts';
import type { Keyset } from '../list/cursor.ts';
import { createListReader, type List, memoizedQuery } from '../list/list-reader.ts';
import type { ArticleRow } from '../row-types.ts';
import { ALL_FIELDS, type Selection } from '../selection.ts';
import { sanitizeSlugInput } from '../text/slug.ts';
import { articleJson, datedArticleJson, reviveArticle } from './article-columns.ts';
import { type ArticleScope, articleScopeOf } from './article-rules.ts';

export type ArticleOrder = 'NEWEST' | 'OLDEST' | 'MOST_DISCUSSED' | 'RECENTLY_DISCUSSED';

export interface ArticleFilter {
  author?: string | null | undefined;
  topic?: string | null | undefined;
  publishedAfter?: Date | null | undefined;
  publishedBefore?: Date | null | undefined;
  status?: ArticleStatus | null | undefined;
}

export const articles = createListReader<ArticleRow>(reviveArticle);

/** Articles that anyone may read. */
const PUBLIC = "a.status = 'PUBLISHED'";

/** Articles that a viewer may read. `k.viewer` is the author they are. */
const SEEN: Record<ArticleScope, string> = {
  PUBLIC,
  OWN: `(${PUBLIC} OR a.author_id = k.viewer)`,
  ALL: 'true',
};

/** The column that SEEN needs of `k`, after those of the query. */
function viewerKey(sight: ArticleScope): { viewer?: 'int' } {
  return sight === 'OWN' ? { viewer: 'int' } : {};
}

/** The value of that column. */
function viewerValue({ viewer }: Pick<Context, 'viewer'>, sight: ArticleScope): number[] {
  return sight === 'OWN' ? [viewer!.author.id] : [];
}

const ORDERS = {
  NEWEST: { column: 'a.published_at', type: 'timestamptz', descending: true },
  OLDEST: { column: 'a.published_at', type: 'timestamptz', descending: false },
  MOST_DISCUSSED: { column: 'a.comment_count', type: 'int', descending: true },
  RECENTLY_DISCUSSED: { column: 'a.discussed_at', type: 'timestamptz', descending: true },
} as const;

function keysetOf(order: ArticleOrder): (row: ArticleRow) => Keyset {
  switch (order) {
    case 'NEWEST':
    case 'OLDEST':
      return ({ id, publishedAt }) => [publishedAt!.toISOString(), id];
    case 'MOST_DISCUSSED':
      return ({ id, commentCount }) => [commentCount, id];
    case 'RECENTLY_DISCUSSED':
      return ({ id, discussedAt }) => [discussedAt.toISOString(), id];
  }
}

const FILTERS = {
  author: { sql: 'a.author_id = (SELECT id FROM author WHERE slug = k.author)', type: 'text' },
  topic: {
    sql: 'EXISTS (SELECT FROM article_topic at JOIN topic t ON t.id = at.topic_id WHERE at.article_id = a.id AND t.slug = k.topic)',
    type: 'text',
  },
  publishedAfter: { sql: 'a.published_at > k."publishedAfter"', type: 'timestamptz' },
  status: { sql: 'a.status = k.status', type: '"ArticleStatus"' },
  publishedBefore: { sql: 'a.published_at < k."publishedBefore"', type: 'timestamptz' },
} as const;

type FilterName = keyof typeof FILTERS;
const FILTER_NAMES = Object.keys(FILTERS) as FilterName[];

const filteredQuery = memoizedQuery((order: ArticleOrder, filters: string, row: string) => {
  const { column, type, descending } = ORDERS[order];
  const names = FILTER_NAMES.filter((name) => filters.split(' ').includes(name));
  return {
    from: 'article a',
    where: [PUBLIC, ...names.map((name) => FILTERS[name].sql)].join(' AND '),
    order: [
      { sql: column, type },
      { sql: 'a.id', type: 'int' },
    ],
    descending,
    row,
    keys: Object.fromEntries(names.map((name) => [`"${name}"`, FILTERS[name].type])),
  };
});

// What is not published may have no date: it is ordered by when it was made.
const UNPUBLISHED_ORDERS = {
  ...ORDERS,
  NEWEST: { ...ORDERS.NEWEST, column: 'coalesce(a.published_at, a.created_at)' },
  OLDEST: { ...ORDERS.OLDEST, column: 'coalesce(a.published_at, a.created_at)' },
};

const unpublishedQuery = memoizedQuery((sight: ArticleScope, order: ArticleOrder, filters: string, row: string) => {
  const published = filteredQuery(order, filters, row);
  const { column, type } = UNPUBLISHED_ORDERS[order];
  return {
    ...published,
    where: published.where.replace(PUBLIC, SEEN[sight]),
    order: [
      { sql: column, type },
      { sql: 'a.id', type: 'int' },
    ] as const,
    keys: { ...published.keys, ...viewerKey(sight) },
  };
});

// A topic's articles by date are one scan of the topic's own index.
const topicQuery = memoizedQuery((order: 'NEWEST' | 'OLDEST', row: string) => ({
  from: 'article_topic at JOIN article a ON a.id = at.article_id',
  where: 'at.topic_id = (SELECT id FROM topic WHERE slug = k.topic) AND at.published_at IS NOT NULL',
  order: [
    { sql: 'at.published_at', type: 'timestamptz' },
    { sql: 'at.article_id', type: 'int' },
  ],
  descending: order === 'NEWEST',
  row,
  keys: { topic: 'text' },
}));

/**
 * Articles in an order, those that pass every filter given: published ones, unless the filter names another status.
 * Those of another status are for who may see them; others find none.
 */
export function articleList(
  context: Pick<Context, 'viewer'>,
  { filter, order, selection }: { filter: ArticleFilter; order: ArticleOrder; selection: Selection },
): List<ArticleRow> {
  const names = FILTER_NAMES.filter((name) => filter[name] != null);
  const keys = names.map((name) => {
    const value = filter[name]!;
    return value instanceof Date ? value.toISOString() : sanitizeSlugInput(value);
  });
  const name = `articles ${order} ${JSON.stringify([names, keys])}`;
  const sight = filter.status == null || filter.status === 'PUBLISHED' ? 'PUBLIC' : articleScopeOf(context.viewer);
  if (sight !== 'PUBLIC') {
    const seen = viewerValue(context, sight);
    return {
      name: `${name} ${sight} ${seen}`,
      query: unpublishedQuery(sight, order, names.join(' '), datedArticleJson(selection)),
      keys: [...keys, ...seen],
      keyset: (row) => keysetOf(order)({ ...row, publishedAt: row.publishedAt ?? row.createdAt! }),
    };
  }
  const row = articleJson(selection);
  const byDate = order === 'NEWEST' || order === 'OLDEST';
  const query =
    byDate && names.length === 1 && names[0] === 'topic'
      ? topicQuery(order, row)
      : filteredQuery(order, names.join(' '), row);
  return { name, query, keys, keyset: keysetOf(order) };
}

const authorQuery = memoizedQuery((row: string) => ({
  from: 'article a',
  where: `a.author_id = k.author AND ${PUBLIC}`,
  order: [
    { sql: 'a.published_at', type: 'timestamptz' },
    { sql: 'a.id', type: 'int' },
  ],
  descending: true,
  row,
  keys: { author: 'int' },
}));

/** What an author has published, newest first. */
export function articlesBy(author: { id: number; articleCount: number }, selection: Selection): List<ArticleRow> {
  return {
    name: `Author:${author.id}.articles`,
    query: authorQuery(articleJson(selection)),
    keys: [author.id],
    keyset: keysetOf('NEWEST'),
    total: author.articleCount,
  };
}

const aboutQuery = memoizedQuery((row: string) => ({
  from: 'article_topic at JOIN article a ON a.id = at.article_id',
  where: 'at.topic_id = k.topic AND at.published_at IS NOT NULL',
  order: [
    { sql: 'at.published_at', type: 'timestamptz' },
    { sql: 'at.article_id', type: 'int' },
  ],
  descending: true,
  row,
  keys: { topic: 'int' },
}));

/** What was published about a topic, newest first. */
export function articlesAbout(topic: { id: number; articleCount: number }, selection: Selection): List<ArticleRow> {
  return {
    name: `Topic:${topic.id}.articles`,
    query: aboutQuery(articleJson(selection)),
    keys: [topic.id],
    keyset: keysetOf('NEWEST'),
    total: topic.articleCount,
  };
}

const slugQuery = memoizedQuery((sight: ArticleScope, row: string) => ({
  // A present slug wins over a former one.
  from: `(SELECT id, 0 AS age FROM article WHERE slug = k.slug
    UNION ALL SELECT article_id, 1 FROM former_slug WHERE slug = k.slug) found JOIN article a ON a.id = found.id`,
  where: SEEN[sight],
  order: [{ sql: 'found.age', type: 'int' }],
  descending: false,
  row,
  keys: { slug: 'text', ...viewerKey(sight) },
}));

/** The article with this slug, or that had it before, if the viewer may see it. */
export function articleBySlug(context: Context, slug: string, selection: Selection): Promise<ArticleRow | null> {
  const sight = articleScopeOf(context.viewer);
  const keys = [sanitizeSlugInput(slug), ...viewerValue(context, sight)];
  return articles.one(context, slugQuery(sight, articleJson(selection)), keys);
}

const idQuery = memoizedQuery((sight: ArticleScope, row: string) => ({
  from: 'article a',
  where: `a.id = k.id AND ${SEEN[sight]}`,
  order: [{ sql: 'a.id', type: 'int' }],
  descending: false,
  row,
  keys: { id: 'int', ...viewerKey(sight) },
}));

/** The article with this id, if the viewer may see it. */
export function articleById(context: Context, id: number, selection: Selection): Promise<ArticleRow | null> {
  const sight = articleScopeOf(context.viewer);
  return articles.one(context, idQuery(sight, articleJson(selection)), [id, ...viewerValue(context, sight)]);
}

const publishedQuery = memoizedQuery((topic: 'topic' | '', row: string) => {
  const any = idQuery('PUBLIC', row);
  if (!topic) return any;
  return { ...any, where: `${any.where} AND ${FILTERS.topic.sql}`, keys: { ...any.keys, topic: 'text' } };
});

/** The article with this id if it is public, and about the topic with this slug when one is named. */
export function publishedArticle(
  context: Context,
  { id, topic }: { id: number; topic: string | null },
  selection: Selection,
): Promise<ArticleRow | null> {
  const query = publishedQuery(topic === null ? '' : 'topic', articleJson(selection));
  return articles.one(context, query, topic === null ? [id] : [id, sanitizeSlugInput(topic)]);
}

const wholeQuery = memoizedQuery((row: string) => ({ ...idQuery('PUBLIC', row), where: 'a.id = k.id' }));

/** Articles with all their columns, whatever their status: for what hangs on a row that the viewer already has. */
export const articleLoader = contextLoader((ids: readonly number[], context) =>
  Promise.all(ids.map((id) => articles.one(context, wholeQuery(articleJson(ALL_FIELDS)), [id]))).then((rows) =>
    rows.map((row) => row ?? new Error('An article that is referred to is missing.')),
  ),
);

/** Newest articles of a topic that are looked at when related ones are sought. */
const RELATED_WITHIN = 50;

const relatedQuery = memoizedQuery((row: string) => ({
  from: `(
    SELECT other.article_id AS id, count(*)::int AS shared
    FROM article_topic own CROSS JOIN LATERAL (
      SELECT article_id FROM article_topic
      WHERE topic_id = own.topic_id AND published_at IS NOT NULL AND article_id <> k.article
      ORDER BY published_at DESC, article_id DESC LIMIT ${RELATED_WITHIN}
    ) other WHERE own.article_id = k.article GROUP BY other.article_id
  ) near JOIN article a ON a.id = near.id`,
  where: PUBLIC,
  order: [
    { sql: 'near.shared', type: 'int' },
    { sql: 'a.published_at', type: 'timestamptz' },
    { sql: 'a.id', type: 'int' },
  ],
  descending: true,
  row,
  keys: { article: 'int' },
}));

/** Published articles that share the most topics with this one, newest first among equals. */
export function relatedArticles(
  context: Context,
  article: ArticleRow,
  size: number,
  selection: Selection,
): Promise<ArticleRow[]> {
  return articles.first(context, { query: relatedQuery(articleJson(selection)), keys: [article.id] }, size);
}
