import type { Context } from '../context.ts';
import { contextLoader } from '../context-loader.ts';
import type { ListQuery } from '../list/list-query.ts';
import { createListReader, type List } from '../list/list-reader.ts';
import type { TopicRow } from '../row-types.ts';
import { sanitizeSlugInput } from '../text/slug.ts';
import { topicJson } from './topic-columns.ts';

export const topics = createListReader<TopicRow>((row) => row);

const allTopics: ListQuery = {
  from: 'topic t',
  where: 'true',
  order: [
    { sql: 't.name', type: 'text' },
    { sql: 't.id', type: 'int' },
  ],
  descending: false,
  row: topicJson,
  keys: {},
};

/** All topics, by name. */
export const topicList: List<TopicRow> = {
  name: 'topics',
  query: allTopics,
  keys: [],
  keyset: ({ name, id }) => [name, id],
};

const slugQuery: ListQuery = { ...allTopics, where: 't.slug = k.slug', keys: { slug: 'text' } };

export function topicBySlug(context: Context, slug: string): Promise<TopicRow | null> {
  return topics.one(context, slugQuery, [sanitizeSlugInput(slug)]);
}

const idQuery: ListQuery = { ...allTopics, where: 't.id = k.id', keys: { id: 'int' } };

export function topicById(context: Context, id: number): Promise<TopicRow | null> {
  return topics.one(context, idQuery, [id]);
}

/** Topics by id, each read once per operation. Null for a topic that was deleted. */
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

/** An article's topics after these are left out. */
const MAX_TOPICS = 1_000;

/** The topics of articles whose rows were read without them, in the writer's order. */
export const articleTopicsLoader = contextLoader((ids: readonly number[], context) =>
  Promise.all(ids.map((article) => topics.first(context, { query: articleQuery, keys: [article] }, MAX_TOPICS))),
);
