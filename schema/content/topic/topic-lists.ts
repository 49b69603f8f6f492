import type { Context } from '../context.ts';
import { contextLoader } from '../context-loader.ts';
import { type ListQuery, memoizedQuery } from '../list/list-query.ts';
import { createListReader, type List } from '../list/list-reader.ts';
import type { RowSql } from '../list/row-sql.ts';
import type { TopicRow } from '../row-types.ts';
import type { Selection } from '../selection.ts';
import { sanitizeSlugInput } from '../text/slug.ts';
import { bareTopicRow } from './topic-columns.ts';
import { topicRow } from './topic-row.ts';
import { topicIdOfSlug } from './topic-slug.ts';
import { IS_VISIBLE_TOPIC, type TopicScope, topicScopeOf } from './topic-visibility.ts';

export const topics = createListReader<TopicRow>(({ articles }) => articles?.rows.map(({ id }) => id) ?? []);

const allTopics: ListQuery = {
  from: 'topic t',
  where: 'true',
  order: [
    { sql: 't.name', type: 'text' },
    { sql: 't.id', type: 'int' },
  ],
  descending: false,
  row: bareTopicRow,
  keys: {},
};

const listQuery = memoizedQuery((scope: TopicScope, row: RowSql) => ({
  ...allTopics,
  where: IS_VISIBLE_TOPIC[scope],
  row,
}));

/** The topics that the viewer may read, by name. */
export function topicList({ viewer }: Pick<Context, 'viewer'>, selection: Selection): List<TopicRow> {
  const scope = topicScopeOf(viewer);
  return {
    name: `topics ${scope}`,
    query: listQuery(scope, topicRow(selection)),
    keys: [],
    keyset: ({ name, id }) => [name, id],
  };
}

const slugQuery = memoizedQuery((scope: TopicScope, row: RowSql) => ({
  ...allTopics,
  row,
  where: `t.id = ${topicIdOfSlug('k.slug')} AND ${IS_VISIBLE_TOPIC[scope]}`,
  keys: { slug: 'text' },
}));

/** The topic that has this slug, or had it before, if the viewer may read it. */
export function topicBySlug(context: Context, slug: string, selection: Selection): Promise<TopicRow | null> {
  const query = slugQuery(topicScopeOf(context.viewer), topicRow(selection));
  return topics.one(context, query, [sanitizeSlugInput(slug)]);
}

const idQuery = memoizedQuery((scope: TopicScope, row: RowSql) => ({
  ...allTopics,
  row,
  where: `t.id = k.id AND ${IS_VISIBLE_TOPIC[scope]}`,
  keys: { id: 'int' },
}));

/** The topic with this id, if the viewer may read it. */
export function topicById(context: Context, id: number, selection: Selection): Promise<TopicRow | null> {
  return topics.one(context, idQuery(topicScopeOf(context.viewer), topicRow(selection)), [id]);
}

/**
 * Topics by id, each read once per operation, public or not: only for ids from a row that the viewer may see. Null for a
 * topic that was deleted.
 */
export const topicLoader = contextLoader(async (ids: readonly number[], { db }): Promise<(TopicRow | null)[]> => {
  const rows = await db.prisma.topic.findMany({ where: { id: { in: [...ids] } } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
});

const articleQuery: ListQuery = {
  ...allTopics,
  from: 'article_topic at JOIN topic t ON t.id = at.topic_id',
  where: 'at.article_id = k.article',
  order: [
    { sql: 'at.position', type: 'int' },
    { sql: 't.id', type: 'int' },
  ],
  keys: { article: 'int' },
};

/** Topics of one article, or below one topic, after these are left out: more than a person looks at. */
const MAX_TOPICS = 1_000;

/** The topics of articles whose rows were read without them, in the writer's order. */
export const articleTopicsLoader = contextLoader((ids: readonly number[], context) =>
  Promise.all(ids.map((article) => topics.first(context, { query: articleQuery, keys: [article] }, MAX_TOPICS))),
);

const childrenQuery = memoizedQuery((scope: TopicScope) => ({
  ...allTopics,
  where: `t.parent_id = k.parent AND ${IS_VISIBLE_TOPIC[scope]}`,
  keys: { parent: 'int' },
}));

/** The topics right below topics that the viewer may read, by name. */
export const topicChildrenLoader = contextLoader((ids: readonly number[], context) => {
  const query = childrenQuery(topicScopeOf(context.viewer));
  return Promise.all(ids.map((parent) => topics.first(context, { query, keys: [parent] }, MAX_TOPICS)));
});
