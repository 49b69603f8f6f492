import type { ArticleStatus } from '../../../prisma/client/enums.ts';
import type { Context } from '../context.ts';
import { ANYTHING } from '../dependencies.ts';
import { memoizedQuery } from '../list/list-query.ts';
import type { List } from '../list/list-reader.ts';
import type { RowSql } from '../list/row-sql.ts';
import type { ArticleRow } from '../row-types.ts';
import type { Selection } from '../selection.ts';
import { sanitizeSlugInput } from '../text/slug.ts';
import { articleRow, datedArticleRow } from './article-columns.ts';
import {
  type ArticleOrder,
  keysetOf,
  keysetWithUnpublishedOf,
  ORDERS,
  ORDERS_WITH_UNPUBLISHED,
} from './article-order.ts';
import { type ArticleScope, articleScopeOf } from './article-rules.ts';
import { IS_VISIBLE, viewerKey, viewerKeyValue } from './article-visibility.ts';
import { HAS_TOPIC, topicSlugQuery } from './articles-about-topic.ts';

export interface ArticleFilter {
  /** Slug. */
  author?: string | null | undefined;
  /** Slug. */
  topic?: string | null | undefined;
  publishedAfter?: Date | null | undefined;
  publishedBefore?: Date | null | undefined;
  /** PUBLISHED by default. */
  status?: ArticleStatus | null | undefined;
}

const FILTERS = {
  author: { sql: 'a.author_id = (SELECT id FROM author WHERE slug = k.author)', type: 'text' },
  topic: { sql: HAS_TOPIC, type: 'text' },
  publishedAfter: { sql: 'a.published_at > k."publishedAfter"', type: 'timestamptz' },
  status: { sql: 'a.status = k.status', type: '"ArticleStatus"' },
  publishedBefore: { sql: 'a.published_at < k."publishedBefore"', type: 'timestamptz' },
} as const;

const FILTER_NAMES = Object.keys(FILTERS) as (keyof typeof FILTERS)[];

/** @param filters names of FILTERS, separated by spaces */
const filteredQuery = memoizedQuery((scope: ArticleScope, order: ArticleOrder, filters: string, row: RowSql) => {
  const { column, type, descending } = (scope === 'PUBLIC' ? ORDERS : ORDERS_WITH_UNPUBLISHED)[order];
  const names = FILTER_NAMES.filter((name) => filters.split(' ').includes(name));
  return {
    from: 'article a',
    where: [IS_VISIBLE[scope], ...names.map((name) => FILTERS[name].sql)].join(' AND '),
    order: [
      { sql: column, type },
      { sql: 'a.id', type: 'int' },
    ],
    descending,
    row,
    keys: { ...Object.fromEntries(names.map((name) => [`"${name}"`, FILTERS[name].type])), ...viewerKey(scope) },
  };
});

/**
 * Articles that pass every filter, in an order. The list has published articles, unless the filter names another status:
 * then it has those that the viewer may see.
 */
export function articleList(
  { viewer, dependencies }: Pick<Context, 'viewer' | 'dependencies'>,
  { filter, order, selection }: { filter: ArticleFilter; order: ArticleOrder; selection: Selection },
): List<ArticleRow> {
  const names = FILTER_NAMES.filter((name) => filter[name] != null);
  const filters = names.join(' ');
  const keys = names.map((name) => {
    const value = filter[name]!;
    return value instanceof Date ? value.toISOString() : sanitizeSlugInput(value);
  });
  const name = `articles ${order} ${JSON.stringify([names, keys])}`;
  const scope = filter.status == null || filter.status === 'PUBLISHED' ? 'PUBLIC' : articleScopeOf(viewer);
  if (scope !== 'PUBLIC') {
    const viewerValue = viewerKeyValue(scope, viewer);
    return {
      name: `${name} ${scope} ${viewerValue}`,
      query: filteredQuery(scope, order, filters, datedArticleRow(selection)),
      keys: [...keys, ...viewerValue],
      keyset: keysetWithUnpublishedOf(order),
    };
  }
  const row = articleRow(selection);
  const byDate = order === 'NEWEST' || order === 'OLDEST';
  // Each comment may change the order of discussed articles.
  if (!byDate) dependencies?.subjects.add(ANYTHING);
  const query = byDate && filters === 'topic' ? topicSlugQuery(order, row) : filteredQuery(scope, order, filters, row);
  return { name, query, keys, keyset: keysetOf(order) };
}
