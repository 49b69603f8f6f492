import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { verify } from '../src/database/index.ts';
import type { Client } from './client.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

// 1 Nature > 2 Animals > 3 Birds (an article) > 7 Nests of drafts; 4 Minerals below Nature, of drafts; 5 Drafts of all states;
// 6 Weather (an article).
const TOPICS = [
  { id: 1, name: 'Nature' },
  { id: 2, name: 'Animals', parent: 1 },
  { id: 3, name: 'Birds', parent: 2 },
  { id: 4, name: 'Minerals', parent: 1 },
  { id: 5, name: 'Secrets', description: 'Not yet public' },
  { id: 6, name: 'Weather' },
  { id: 7, name: 'Nests', parent: 3 },
];
const PUBLIC = [1, 2, 3, 6];
const ALL = [1, 2, 3, 4, 5, 6, 7];

let gateway: TestGateway;
let readers: Client[];
let staff: Client[];

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: [{ id: 1 }],
      topics: TOPICS,
      articles: [
        { id: 1, topics: [3] },
        { id: 2, topics: [6] },
        { id: 3, status: 'DRAFT', at: null, topics: [4, 5, 7] },
        { id: 4, status: 'SCHEDULED', topics: [5] },
        { id: 5, status: 'ARCHIVED', topics: [5, 6] },
      ],
    }),
  );
  readers = [gateway, gateway.as({ name: 'Rea' })];
  staff = (['WRITER', 'MODERATOR', 'ADMIN'] as const).map((role) => gateway.as({ name: role, role }));
});

afterAll(() => gateway.stop());

const topicId = (id: number): string => encodeId('Topic', id);

/** The topics that each field of the graph shows to a client, as their numbers in order. */
async function shownTo(client: Client): Promise<Record<string, number[]>> {
  const slugs = ALL.map((id) => `s${id}: topic(slug: "topic-${id}") { id }`).join(' ');
  const nodes = ALL.map((id) => `n${id}: node(id: "${topicId(id)}") { id }`).join(' ');
  const { data, errors } = await client.ask<Record<string, { id: string } | null>>(`{ ${slugs} ${nodes} }`);
  expect(errors).toBeUndefined();
  const lists = await client.ask<{
    nodes: ({ id: string } | null)[];
    topics: { totalCount: number; nodes: { id: string }[] };
    search: { totalCount: number; nodes: { id: string }[] };
  }>(
    `query ($ids: [ID!]!) { nodes(ids: $ids) { id } topics { totalCount nodes { id } }
      search(query: "nature OR animals OR birds OR minerals OR secrets OR weather OR nests") {
        totalCount nodes { ... on Topic { id } } } }`,
    { ids: ALL.map(topicId) },
  );
  expect(lists.errors).toBeUndefined();
  const { nodes: found, topics, search } = lists.data;
  expect([topics.totalCount, search.totalCount]).toEqual([topics.nodes.length, search.nodes.length]);
  const numbers = (rows: ({ id: string } | null)[]): number[] =>
    rows.flatMap((row) => (row ? [ALL.find((id) => topicId(id) === row.id)!] : [])).sort();
  return {
    topic: numbers(ALL.map((id) => data[`s${id}`]!)),
    node: numbers(ALL.map((id) => data[`n${id}`]!)),
    nodes: numbers(found),
    topics: numbers(topics.nodes),
    search: numbers(search.nodes),
  };
}

const everywhere = (ids: number[]) => ({ topic: ids, node: ids, nodes: ids, topics: ids, search: ids });

interface Tree {
  name: string;
  children?: Tree[];
}

async function childrenOf(client: Client, slug: string): Promise<Tree> {
  const { data, errors } = await client.ask<{ topic: Tree }>(
    'query ($slug: String!) { topic(slug: $slug) { name children { name children { name children { name } } } } }',
    { slug },
  );
  expect(errors).toBeUndefined();
  return data.topic;
}

describe('a topic', () => {
  it('is public when a published article is about it or about a topic below it; staff see all', async () => {
    for (const reader of readers) expect(await shownTo(reader)).toEqual(everywhere(PUBLIC));
    for (const person of staff) expect(await shownTo(person)).toEqual(everywhere(ALL));
  });

  it('becomes public with the first article below it, and is hidden again with the last', async () => {
    const admin = staff.at(-1)!;
    const ask = (name: string) =>
      admin.ask<Record<string, { article: { status: string } }>>(
        `mutation ($id: ID!) { ${name}(input: { id: $id }) { ... on ArticleSuccess { article { status } } } }`,
        { id: encodeId('Article', 3) },
      );
    expect((await ask('publishArticle')).data.publishArticle!.article.status).toBe('PUBLISHED');
    for (const reader of readers) expect(await shownTo(reader)).toEqual(everywhere(ALL));
    await ask('unpublishArticle');
    for (const reader of readers) expect(await shownTo(reader)).toEqual(everywhere(PUBLIC));
  });

  it('has a parent that its reader may see', async () => {
    const { data } = await gateway.ask(
      '{ topic(slug: "topic-3") { parent { name parent { name parent { name } } } } }',
    );
    expect(data).toEqual({ topic: { parent: { name: 'Animals', parent: { name: 'Nature', parent: null } } } });
  });
});

describe('the children of a topic', () => {
  it('are the narrower topics by name, public ones for readers and all for staff', async () => {
    const birds = { name: 'Birds', children: [] };
    for (const reader of readers)
      expect(await childrenOf(reader, 'topic-1')).toEqual({
        name: 'Nature',
        children: [{ name: 'Animals', children: [birds] }],
      });
    for (const person of staff)
      expect(await childrenOf(person, 'topic-1')).toEqual({
        name: 'Nature',
        children: [
          { name: 'Animals', children: [{ name: 'Birds', children: [{ name: 'Nests' }] }] },
          { name: 'Minerals', children: [] },
        ],
      });
  });

  it('take one statement for each level, however many topics there are', async () => {
    const page = '{ topics { totalCount nodes { name children { name parent { name } } } } }';
    const levels = '{ topic(slug: "topic-1") { children { children { children { name } } } } }';
    for (const client of [gateway, staff[2]!]) {
      const count = async (query: string) => (await client.ask(query)).statements.length;
      await count(page);
      // The page, its count, the children and their parents.
      expect(await count(page)).toBe(4);
      expect(await count(levels)).toBe(4);
    }
  });

  it('end where a circle of parents closes, which verify reports and updateTopic ends', async () => {
    await gateway.sql.query(
      "INSERT INTO topic (id, slug, name, parent_id) VALUES (90, 'a', 'A', NULL), (91, 'b', 'B', 90), (92, 'c', 'C', 91)",
    );
    await gateway.sql.query('UPDATE topic SET parent_id = 91 WHERE id = 90');
    expect((await gateway.ask('{ topic(slug: "a") { name } }')).data).toEqual({ topic: null });
    const names = '{ topic(slug: "c") { parent { parent { parent { name } } } children { name } articleCount } }';
    expect((await staff[0]!.ask(names)).data).toEqual({
      topic: { parent: { parent: { parent: { name: 'B' } } }, children: [], articleCount: 0 },
    });
    expect(await verify({ url: gateway.databaseUrl, repair: true })).toEqual([
      { description: 'topics that are above themselves', count: 2 },
    ]);
    const input = { id: topicId(90), parentId: null };
    await staff[2]!.ask('mutation ($input: UpdateTopicInput!) { updateTopic(input: $input) { __typename } }', {
      input,
    });
    expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
    await gateway.sql.query('DELETE FROM topic WHERE id IN (90, 91, 92)');
  });

  it('do not stay above themselves when one of a circle is merged into the other', async () => {
    await gateway.sql.query(
      "INSERT INTO topic (id, slug, name, parent_id) VALUES (90, 'a', 'A', NULL), (91, 'b', 'B', 90)",
    );
    await gateway.sql.query('UPDATE topic SET parent_id = 91 WHERE id = 90');
    const input = { from: topicId(90), into: topicId(91) };
    const merge = `mutation ($input: MergeTopicsInput!) { mergeTopics(input: $input) { ... on TopicSuccess { topic { parent { name } } } } }`;
    expect((await staff[2]!.ask(merge, { input })).data).toEqual({ mergeTopics: { topic: { parent: null } } });
    expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
    await gateway.sql.query('DELETE FROM topic WHERE id = 91');
  });
});
