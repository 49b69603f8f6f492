import { memoizedQuery } from '../list/list-query.ts';
import type { List } from '../list/list-reader.ts';
import type { RowSql } from '../list/row-sql.ts';
import type { ArticleRow } from '../row-types.ts';
import type { Selection } from '../selection.ts';
import { topicIdOfSlug } from '../topic/topic-slug.ts';
import { articleRow } from './article-columns.ts';
import { keysetOf } from './article-order.ts';

/** Condition of SQL: the article `a` is about the topic that has the slug `k.topic`, or had it before. */
export const HAS_TOPIC = `EXISTS (SELECT FROM article_topic at WHERE at.article_id = a.id AND at.topic_id = ${topicIdOfSlug('k.topic')})`;

// A topic's articles by date are one scan of the topic's own index, which has the date of published articles alone.

const topicQuery = {
  from: 'article_topic at JOIN article a ON a.id = at.article_id',
  order: [
    { sql: 'at.published_at', type: 'timestamptz' },
    { sql: 'at.article_id', type: 'int' },
  ],
} as const;

const idQuery = memoizedQuery((row: RowSql) => ({
  ...topicQuery,
  where: 'at.topic_id = k.topic AND at.published_at IS NOT NULL',
  descending: true,
  row,
  keys: { topic: 'int' },
}));

/** Published articles about the topic that has the slug `k.topic`, or had it before. */
export const topicSlugQuery = memoizedQuery((order: 'NEWEST' | 'OLDEST', row: RowSql) => ({
  ...topicQuery,
  where: `at.topic_id = ${topicIdOfSlug('k.topic')} AND at.published_at IS NOT NULL`,
  descending: order === 'NEWEST',
  row,
  keys: { topic: 'text' },
}));

/** Published articles about a topic, newest first. */
export function articlesAbout(topic: { id: number; articleCount: number }, selection: Selection): List<ArticleRow> {
  return {
    name: `Topic:${topic.id}.articles`,
    query: idQuery(articleRow(selection)),
    keys: [topic.id],
    keyset: keysetOf('NEWEST'),
    total: topic.articleCount,
  };
}
