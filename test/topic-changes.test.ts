import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { verify } from '../src/database/derived/verify.ts';
import type { Client } from './client.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { write } from './seed.ts';

const TOPIC = 'id slug name description articleCount parent { name } children { name }';

interface Topic {
  id: string;
  slug: string;
  name: string;
  description: string | null;
  articleCount: number;
  parent: { name: string } | null;
  children: { name: string }[];
}

interface Result {
  __typename: string;
  code?: string;
  message?: string;
  path?: string[];
  topic?: Topic;
}

let gateway: TestGateway;
let moderator: Client;
let writer: Client;

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }] }));
  moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
  writer = gateway.as({ name: 'Wes', role: 'WRITER' });
});

afterAll(() => gateway.stop());

afterEach(async () => {
  expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
});

async function run(client: Client, field: 'updateTopic' | 'mergeTopics', input: object): Promise<Result> {
  const type = field === 'updateTopic' ? 'UpdateTopicInput' : 'MergeTopicsInput';
  const { data, errors } = await client.ask<Record<string, Result>>(
    `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ... on Error { code message }
      ... on InvalidInputError { path } ... on TopicSuccess { topic { ${TOPIC} } } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data[field]!;
}

let made = 0;

/** Topics with names of their own, a public article about each, each below the one before. */
async function chain(length: number): Promise<{ id: string; name: string; slug: string }[]> {
  const topics = [];
  for (let i = 0; i < length; i++) {
    const name = `Topic number ${++made}`;
    await publish([name]);
    const topic = (await found(`topic-number-${made}`))!;
    if (i > 0)
      expect(await run(moderator, 'updateTopic', { id: topic.id, parentId: topics[i - 1]!.id })).toMatchObject({
        __typename: 'TopicSuccess',
      });
    topics.push({ id: topic.id, name, slug: topic.slug });
  }
  return topics;
}

async function publish(topics: string[], at = true): Promise<{ id: string; slug: string }> {
  const { data } = await writer.ask<{ createArticle: { article: { id: string; slug: string } } }>(
    `mutation ($topics: [String!]) { createArticle(input: { title: "An article", markdown: "Words", topics: $topics }) {
      ... on ArticleSuccess { article { id slug } } } }`,
    { topics },
  );
  const { article } = data.createArticle;
  if (at)
    await writer.ask('mutation ($id: ID!) { publishArticle(input: { id: $id }) { __typename } }', { id: article.id });
  return article;
}

async function found(slug: string, client: Client = gateway): Promise<Topic | null> {
  const { data } = await client.ask<{ topic: Topic | null }>(
    `query ($slug: String!) { topic(slug: $slug) { ${TOPIC} } }`,
    { slug },
  );
  return data.topic;
}

async function searched(query: string): Promise<string[]> {
  const { data } = await gateway.ask<{ search: { nodes: { slug?: string }[] } }>(
    'query ($query: String!) { search(query: $query) { nodes { ... on Topic { slug } } } }',
    { query },
  );
  return data.search.nodes.flatMap(({ slug }) => slug ?? []);
}

describe('updateTopic', () => {
  it('changes what is given, keeps what is left out, and null takes away; the search follows', async () => {
    const [wide, topic] = await chain(2);
    const changed = await run(moderator, 'updateTopic', {
      ...{ id: topic!.id, name: '  Zwei \n Wörter ', slug: 'zwei', description: ' Of  quokkas. ' },
    });
    expect(changed.topic).toMatchObject({
      ...{ id: topic!.id, slug: 'zwei', name: 'Zwei Wörter', description: 'Of quokkas.' },
      ...{ parent: { name: wide!.name }, articleCount: 1 },
    });
    expect(await searched('quokkas')).toEqual(['zwei']);
    expect((await run(moderator, 'updateTopic', { id: topic!.id })).topic).toEqual(changed.topic);
    const less = await run(moderator, 'updateTopic', {
      ...{ id: topic!.id, name: null, slug: null, description: null, parentId: null },
    });
    expect(less.topic).toEqual({ ...changed.topic, description: null, parent: null });
    expect(await searched('quokkas')).toEqual([]);
    expect(await found(wide!.slug)).toMatchObject({ children: [] });
  });

  it('lets former slugs find the topic wherever a slug does, and back again', async () => {
    const [topic] = await chain(1);
    await run(moderator, 'updateTopic', { id: topic!.id, slug: `${topic!.slug}-b` });
    await run(moderator, 'updateTopic', { id: topic!.id, slug: `${topic!.slug}-c` });
    for (const slug of [topic!.slug, `${topic!.slug}-b`, `${topic!.slug}-c`])
      expect((await found(slug))?.slug).toBe(`${topic!.slug}-c`);
    const { data } = await gateway.ask<Record<string, { totalCount: number }>>(
      `query ($slug: String!) { a: articles(where: { topic: $slug }) { totalCount }
        b: articles(where: { topic: $slug }, orderBy: MOST_DISCUSSED) { totalCount } }`,
      { slug: topic!.slug },
    );
    expect(data).toEqual({ a: { totalCount: 1 }, b: { totalCount: 1 } });
    // An article that names a former slug is about the same topic.
    await publish([topic!.slug]);
    expect(await found(topic!.slug)).toMatchObject({ articleCount: 2 });
    expect((await run(moderator, 'updateTopic', { id: topic!.id, slug: topic!.slug })).topic?.slug).toBe(topic!.slug);
    expect((await found(`${topic!.slug}-c`))?.slug).toBe(topic!.slug);
  });

  it('refuses the present or former slug of another topic, for new topics too', async () => {
    const [one] = await chain(1);
    const [two] = await chain(1);
    await run(moderator, 'updateTopic', { id: one!.id, name: 'Renamed', slug: `${one!.slug}-now` });
    for (const slug of [one!.slug, `${one!.slug}-now`])
      expect(await run(moderator, 'updateTopic', { id: two!.id, slug, name: 'Unsaved' })).toMatchObject({
        ...{ __typename: 'ConflictError', code: 'CONFLICT' },
      });
    expect((await found(two!.slug))?.name).toBe(two!.name);
    // Its name makes a slug that another topic had.
    await publish([`${one!.name}!`]);
    expect((await found(`${one!.slug}-2`))?.name).toBe(`${one!.name}!`);
  });

  it.each([
    ['an empty name', { name: ' ' }, 'name'],
    ['a long name', { name: 'x'.repeat(61) }, 'name'],
    ['a name without letters', { name: '!?' }, 'name'],
    ['a slug with capitals', { slug: 'Birds' }, 'slug'],
    ['an empty slug', { slug: '' }, 'slug'],
    ['a long description', { description: 'x'.repeat(501) }, 'description'],
    ['a NUL', { description: 'a\0b' }, 'description'],
  ])('refuses %s', async (_, input, field) => {
    const [topic] = await chain(1);
    const before = await found(topic!.slug);
    expect(await run(moderator, 'updateTopic', { id: topic!.id, ...input })).toMatchObject({
      ...{ __typename: 'InvalidInputError', path: ['input', field] },
    });
    expect(await found(topic!.slug)).toEqual(before);
  });

  it('answers NOT_FOUND for a topic or a parent that does not exist', async () => {
    const [topic] = await chain(1);
    const none = [encodeId('Topic', 999_999), encodeId('Article', 1), 'x', ''];
    for (const id of none) {
      expect((await run(moderator, 'updateTopic', { id, name: 'Other' })).code).toBe('NOT_FOUND');
      expect((await run(moderator, 'updateTopic', { id: topic!.id, parentId: id })).code).toBe('NOT_FOUND');
      expect((await run(moderator, 'mergeTopics', { from: topic!.id, into: id })).code).toBe('NOT_FOUND');
      expect((await run(moderator, 'mergeTopics', { from: id, into: topic!.id })).code).toBe('NOT_FOUND');
    }
    expect(await found(topic!.slug)).toMatchObject({ name: topic!.name, parent: null });
  });

  it('refuses a parent that is the topic or below it', async () => {
    const topics = await chain(3);
    for (const { id: parentId } of topics)
      expect(await run(moderator, 'updateTopic', { id: topics[0]!.id, parentId })).toMatchObject({
        ...{ __typename: 'InvalidInputError', path: ['input', 'parentId'] },
      });
    expect(await found(topics[0]!.slug)).toMatchObject({ parent: null });
  });

  it('makes no circle when two topics are placed below each other at once', async () => {
    for (let round = 0; round < 5; round++) {
      const [one] = await chain(1);
      const [two] = await chain(1);
      const results = await Promise.all([
        run(moderator, 'updateTopic', { id: one!.id, parentId: two!.id }),
        run(moderator, 'updateTopic', { id: two!.id, parentId: one!.id }),
      ]);
      expect(results.map(({ __typename }) => __typename).sort()).toEqual(['InvalidInputError', 'TopicSuccess']);
    }
  });
});

describe('mergeTopics', () => {
  it('moves articles, children, slugs and search to the other topic, and counts each article once', async () => {
    const [from, child] = await chain(2);
    const [into] = await chain(1);
    await run(moderator, 'updateTopic', { id: from!.id, slug: `${from!.slug}-b`, description: 'Of wombats' });
    const both = await publish([into!.name, 'Else', from!.name]);
    const draft = await publish([from!.name], false);
    const { topic } = await run(moderator, 'mergeTopics', { from: from!.id, into: into!.id });
    expect(topic).toMatchObject({
      ...{ id: into!.id, slug: into!.slug, name: into!.name, description: null, articleCount: 3 },
      ...{ parent: null, children: [{ name: child!.name }] },
    });
    for (const slug of [from!.slug, `${from!.slug}-b`, into!.slug]) expect((await found(slug))?.id).toBe(into!.id);
    const { data } = await writer.ask<Record<string, { topics: { name: string }[] } | null>>(
      `query ($both: ID!, $draft: ID!, $from: ID!) { both: node(id: $both) { ... on Article { topics { name } } }
        draft: node(id: $draft) { ... on Article { topics { name } } } from: node(id: $from) { id } }`,
      { both: both.id, draft: draft.id, from: from!.id },
    );
    expect(data).toEqual({
      both: { topics: [{ name: into!.name }, { name: 'Else' }] },
      draft: { topics: [{ name: into!.name }] },
      from: null,
    });
    expect(await searched('wombats')).toEqual([]);
    expect((await found(into!.slug))?.articleCount).toBe(3);
    // Nobody needs to know of it: an article about the former topic is about the other one.
    await publish([from!.name]);
    await publish([from!.name.toUpperCase()]);
    expect((await found(into!.slug))?.articleCount).toBe(5);
  });

  it('lets a topic take the place of one above it, without a circle', async () => {
    const [top, from, between, into] = await chain(4);
    const { topic } = await run(moderator, 'mergeTopics', { from: from!.id, into: into!.id });
    expect(topic).toMatchObject({ parent: { name: top!.name }, children: [{ name: between!.name }], articleCount: 2 });
    expect(await found(between!.slug)).toMatchObject({ parent: { name: into!.name }, children: [] });
  });

  it('lets the topic above take in one below it', async () => {
    const [into, from, below] = await chain(3);
    const { topic } = await run(moderator, 'mergeTopics', { from: from!.id, into: into!.id });
    expect(topic).toMatchObject({ parent: null, children: [{ name: below!.name }], articleCount: 2 });
  });

  it('refuses a topic and itself', async () => {
    const [topic] = await chain(1);
    expect(await run(moderator, 'mergeTopics', { from: topic!.id, into: topic!.id })).toMatchObject({
      ...{ __typename: 'InvalidInputError', path: ['input', 'into'] },
    });
    expect(await found(topic!.slug)).not.toBeNull();
  });

  it('counts an article that is saved with the topic while the merge waits, and published while it goes on', async () => {
    const [from] = await chain(1);
    const [into] = await chain(1);
    const { id } = await publish(['Else'], false);
    const deadlocks = async () =>
      (await gateway.sql.query('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()')).rows;
    const before = await deadlocks();
    const slugs = await gateway.secondConnection();
    const topics = await gateway.secondConnection();
    const waiting = (count: number) =>
      until(`${count} changes wait`, async () => {
        const { rowCount } = await gateway.sql.query(
          "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
        );
        return rowCount === count;
      });
    try {
      await slugs.query("BEGIN; SELECT pg_advisory_xact_lock(x'736c7567'::int)");
      await topics.query('BEGIN');
      await topics.query('SELECT FROM topic WHERE slug = $1 FOR UPDATE', [into!.slug]);
      const update = writer.ask<{ updateArticle: { __typename: string } }>(
        `mutation ($id: ID!, $topics: [String!]) { updateArticle(input: { id: $id, expectedVersion: 1, topics: $topics }) { __typename } }`,
        { id, topics: [from!.name] },
      );
      await waiting(1);
      const merge = run(moderator, 'mergeTopics', { from: from!.id, into: into!.id });
      await waiting(2);
      // The update is first in line.
      await slugs.query('COMMIT');
      expect((await update).data.updateArticle.__typename).toBe('ArticleSuccess');
      await waiting(1);
      const published = writer.ask<{ publishArticle: { __typename: string } }>(
        'mutation ($id: ID!) { publishArticle(input: { id: $id }) { __typename } }',
        { id },
      );
      await waiting(2);
      await topics.query('COMMIT');
      expect((await merge).topic?.id).toBe(into!.id);
      expect((await published).data.publishArticle.__typename).toBe('ArticleSuccess');
      expect(await found(into!.slug)).toMatchObject({ articleCount: 3 });
      expect(await deadlocks()).toEqual(before);
    } finally {
      await slugs.end();
      await topics.end();
    }
  });

  it('done twice at once, both ways, beside new articles, keeps every article and one topic', async () => {
    for (let round = 0; round < 3; round++) {
      const [one] = await chain(1);
      const [two] = await chain(1);
      const [there, back] = await Promise.all([
        run(moderator, 'mergeTopics', { from: one!.id, into: two!.id }),
        run(moderator, 'mergeTopics', { from: two!.id, into: one!.id }),
        publish([one!.slug]),
        publish([two!.slug]),
      ]);
      expect([there!.__typename, back!.__typename].sort()).toEqual(['NotFoundError', 'TopicSuccess']);
      expect(await found(one!.slug)).toMatchObject({ articleCount: 4 });
      expect((await found(two!.slug))?.id).toBe((await found(one!.slug))?.id);
    }
  });
});

it('verify finds search documents that differ, and repair writes them', async () => {
  await chain(2);
  await gateway.sql.query(`UPDATE search_document SET visible = NOT visible WHERE kind = 'topic' AND entity_id = (SELECT max(id) FROM topic);
    DELETE FROM search_document WHERE kind = 'author';
    INSERT INTO search_document (kind, entity_id, visible, words) VALUES ('article', 999999, true, 'ghost')`);
  const { rowCount } = await gateway.sql.query("SELECT FROM author WHERE kind <> 'GUEST' OR article_count > 0");
  const finding = [
    { description: 'search documents that differ from their article, author or topic', count: 2 + rowCount! },
  ];
  expect(await verify({ url: gateway.databaseUrl, repair: true })).toEqual(finding);
});
