import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { verify } from '../src/database/derived/verify.ts';
import type { Client } from './client.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { write } from './seed.ts';

const GUEST = { name: 'Gus', email: 'gus@example.com' };

let gateway: TestGateway;
let admin: Client;
let reader: Client;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, { authors: [{ id: 1 }], topics: [{ id: 1 }], articles: [{ id: 1, topics: [1] }] }),
  );
  admin = gateway.as({ name: 'Ada', role: 'ADMIN' });
  reader = gateway.as({ name: 'Rea' });
  // Creates both authors.
  for (const client of [admin, reader]) await client.ask('{ viewer { role } }');
});

afterAll(() => gateway.stop());

afterEach(async () => {
  expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
});

interface Result {
  __typename: string;
  code?: string;
  message?: string;
  id?: string;
  article?: { id: string; slug: string; version: number };
  comment?: { id: string };
}

async function run(client: Client, field: string, input: object): Promise<Result> {
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}`;
  const select = field.endsWith('Comment')
    ? `... on ${type}Success { comment { id } }`
    : field === 'deleteArticle'
      ? '... on DeleteArticleSuccess { id }'
      : field.endsWith('Article')
        ? '... on ArticleSuccess { article { id slug version } }'
        : '';
  const { data, errors } = await client.ask<Record<string, Result>>(
    `mutation ($input: ${type}Input!) { ${field}(input: $input) { __typename ... on Error { code message } ${select} } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data[field]!;
}

async function draft(input: object = {}): Promise<{ id: string; slug: string; version: number }> {
  const { article } = await run(admin, 'createArticle', { title: 'Okapis', markdown: 'Words', ...input });
  return article!;
}

/** A published article that was renamed, with a discussion: comments of a reader and a guest, a reaction, an edit and a report. */
async function discussed() {
  const article = await draft({ topics: ['Topic 1', 'Of its own'], cover: { url: '/a.png', alt: 'A' } });
  await run(admin, 'updateArticle', { id: article.id, expectedVersion: 1, slug: `${article.slug}-now` });
  await run(admin, 'publishArticle', { id: article.id });
  const add = (client: Client, input: object) => run(client, 'addComment', { articleId: article.id, ...input });
  const first = await add(reader, { body: 'First', idempotencyKey: article.slug });
  const reply = await add(gateway, { body: 'Reply', parentId: first.comment!.id, guest: GUEST });
  const commentId = reply.comment!.id;
  await run(reader, 'react', { commentId, kind: 'LIKE', on: true });
  await run(reader, 'editComment', { id: first.comment!.id, body: 'First, edited' });
  await run(reader, 'reportComment', { commentId, reason: 'Rude' });
  await run(admin, 'moderateComments', { comments: [{ id: commentId, version: 1 }], action: 'PIN' });
  return { article: { ...article, version: 2 }, comments: [first.comment!.id, commentId] };
}

const TABLES = ['comment', 'comment_event', 'reaction', 'comment_report', 'comment_version', 'moderation_entry'].concat(
  ['comment_reaction_notice', 'article', 'article_topic', 'article_revision', 'article_publication', 'former_slug'],
  ['idempotency_key', 'provenance', 'search_document', 'search_comment', 'comment_held_edit'],
);

async function rowCounts(): Promise<Record<string, number>> {
  const counts = TABLES.map((name) => `(SELECT count(*)::int FROM ${name}) AS ${name}`).join(', ');
  return (await gateway.sql.query<Record<string, number>>(`SELECT ${counts}`)).rows[0]!;
}

async function authorCounts(): Promise<unknown> {
  const { rows } = await gateway.sql.query('SELECT slug, article_count, comment_count FROM author ORDER BY id');
  return rows;
}

describe('deleteArticle', () => {
  it('deletes a draft with its revisions, and its slug is free again', async () => {
    const before = await rowCounts();
    const article = await draft({ slug: 'once', topics: ['Topic 1'] });
    expect(await run(admin, 'deleteArticle', { id: article.id, expectedVersion: 1 })).toEqual({
      ...{ __typename: 'DeleteArticleSuccess', id: article.id },
    });
    expect(await rowCounts()).toEqual(before);
    expect((await admin.ask('query ($id: ID!) { node(id: $id) { id } }', { id: article.id })).data).toEqual({
      node: null,
    });
    const again = await draft({ slug: 'once' });
    await run(admin, 'deleteArticle', { id: again.id, expectedVersion: 1 });
    expect((await run(admin, 'deleteArticle', { id: again.id, expectedVersion: 1 })).code).toBe('NOT_FOUND');
  });

  it('deletes an archived article with all that belongs to it, and every count is right', async () => {
    // Creates the people and topics, which stay.
    const earlier = await discussed();
    await run(admin, 'unpublishArticle', { id: earlier.article.id });
    await run(admin, 'deleteArticle', { id: earlier.article.id, expectedVersion: 2 });
    const [rows, authors] = [await rowCounts(), await authorCounts()];

    const { article, comments } = await discussed();
    await gateway.sql.query(
      `INSERT INTO provenance (source, kind, external_id, entity_id, digest) SELECT 'wordpress:x', kind, id::text, id, 'digest'
       FROM (SELECT 'article' AS kind, max(id) AS id FROM article UNION ALL SELECT 'comment', id FROM comment) r`,
    );
    await run(admin, 'unpublishArticle', { id: article.id });
    expect((await run(admin, 'deleteArticle', { id: article.id, expectedVersion: 2 })).__typename).toBe(
      'DeleteArticleSuccess',
    );
    expect(await rowCounts()).toEqual(rows);
    expect(await authorCounts()).toEqual(authors);
    const { data } = await admin.ask(
      `query ($id: ID!, $comment: ID!, $slug: String!) { node(id: $id) { id } comment(id: $comment) { id } article(slug: $slug) { id }
        moderationQueue(status: VISIBLE) { totalCount } topic(slug: "topic-1") { articleCount } }`,
      { id: article.id, comment: comments[0], slug: article.slug },
    );
    expect(data).toEqual({
      ...{ node: null, comment: null, article: null },
      ...{ moderationQueue: { totalCount: 0 }, topic: { articleCount: 1 } },
    });
    // The repeated request is answered like a new one.
    const again = { articleId: article.id, body: 'First', idempotencyKey: article.slug };
    expect((await run(reader, 'addComment', again)).code).toBe('NOT_FOUND');
  });

  it('refuses what is public or will be, another version, and everybody but admins', async () => {
    const article = await draft();
    const input = { id: article.id, expectedVersion: 1 };
    for (const client of [gateway, reader, gateway.as({ name: 'Mo', role: 'MODERATOR' })])
      for (const id of [article.id, encodeId('Article', 99_999), 'x'])
        expect((await run(client, 'deleteArticle', { id, expectedVersion: 1 })).code).toBe('FORBIDDEN');
    for (const id of [encodeId('Article', 99_999), encodeId('Topic', 1), 'x'])
      expect((await run(admin, 'deleteArticle', { id, expectedVersion: 1 })).code).toBe('NOT_FOUND');
    expect((await run(admin, 'deleteArticle', { ...input, expectedVersion: 2 })).code).toBe('CONFLICT');
    await run(admin, 'publishArticle', { id: article.id, at: '2100-01-01T00:00:00Z' });
    expect(await run(admin, 'deleteArticle', input)).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('SCHEDULED'),
    });
    await run(admin, 'publishArticle', { id: article.id });
    expect(await run(admin, 'deleteArticle', input)).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('PUBLISHED'),
    });
    const { data } = await gateway.ask('query ($id: ID!) { node(id: $id) { id } }', { id: article.id });
    expect(data).toEqual({ node: { id: article.id } });
  });

  it('beside a publication at the same time leaves an article that is public, or none', async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = await draft();
      const [published, deleted] = await Promise.all([
        run(admin, 'publishArticle', { id }),
        run(admin, 'deleteArticle', { id, expectedVersion: 1 }),
      ]);
      expect([
        ['ArticleSuccess', 'ConflictError'],
        ['NotFoundError', 'DeleteArticleSuccess'],
      ]).toContainEqual([published.__typename, deleted.__typename]);
    }
  });

  it('beside decisions about its comments at the same time counts each comment once', async () => {
    const { article, comments } = await discussed();
    await run(admin, 'unpublishArticle', { id: article.id });
    const results = await Promise.all([
      run(admin, 'moderateComments', { comments: [{ id: comments[1], version: 1 }], action: 'REJECT' }),
      run(admin, 'deleteArticle', { id: article.id, expectedVersion: 2 }),
      run(admin, 'deleteArticle', { id: article.id, expectedVersion: 2 }),
    ]);
    expect(results.filter(({ __typename }) => __typename === 'DeleteArticleSuccess')).toHaveLength(1);
  });

  it('ends the subscriptions to its discussion with NOT_FOUND, those of publications go on, and nothing stays open', async () => {
    const { article } = await discussed();
    const documents = ['commentEvents(articleId: $id) { cursor }', 'commentAdded(articleId: $id) { id }'];
    const streams = documents.flatMap((field) =>
      [gateway, reader, admin].map((client) =>
        client.subscribe(`subscription ($id: ID!) { ${field} }`, { id: article.id }),
      ),
    );
    const published = gateway.subscribe('subscription { articlePublished { slug } }');
    await until('all are live', async () => (await gateway.metrics()).live_subscriptions === streams.length + 1);
    await run(admin, 'unpublishArticle', { id: article.id });
    await run(admin, 'deleteArticle', { id: article.id, expectedVersion: 2 });
    for (const stream of streams) await expect(stream.arrived(99)).rejects.toThrow(/NOT_FOUND/);
    const next = await draft({ title: 'The next' });
    await run(admin, 'publishArticle', { id: next.id });
    expect(await published.arrived(1)).toEqual([{ articlePublished: { slug: next.slug } }]);
    const late = gateway.subscribe('subscription ($id: ID!) { commentEvents(articleId: $id) { cursor } }', {
      id: article.id,
    });
    await expect(late.arrived(1)).rejects.toThrow(/NOT_FOUND/);
    for (const stream of [...streams, published, late]) await stream.stop();
    await until('no log is followed', async () => (await gateway.metrics()).followed_logs === 0);
  });
});

describe('articlePublished', () => {
  const PUBLISHED = 'subscription { articlePublished { id } }';
  const live = (count: number) =>
    until(`${count} subscriptions are live`, async () => (await gateway.metrics()).live_subscriptions === count);
  const published = async () => {
    const { id } = await draft();
    await run(admin, 'publishArticle', { id });
    return id;
  };

  it('is live at once for a further subscriber when the article that was published last has been deleted', async () => {
    const first = gateway.subscribe<{ articlePublished: { id: string } }>(PUBLISHED);
    await live(1);
    const id = await published();
    await first.arrived(1);
    await run(admin, 'unpublishArticle', { id });
    expect((await run(admin, 'deleteArticle', { id, expectedVersion: 1 })).__typename).toBe('DeleteArticleSuccess');
    const second = gateway.subscribe<{ articlePublished: { id: string } }>(PUBLISHED);
    await live(2);
    const next = { articlePublished: { id: await published() } };
    expect(await second.arrived(1)).toEqual([next]);
    expect(await first.arrived(2)).toEqual([{ articlePublished: { id } }, next]);
    await first.stop();
    await second.stop();
  });

  it('ends when a backup is restored, so that its client subscribes again and misses nothing of what follows', async () => {
    await published();
    const before = gateway.subscribe(PUBLISHED);
    await live(1);
    await published();
    await before.arrived(1);
    // As of before the last publication.
    await gateway.sql.query(`WITH lost AS (
        DELETE FROM article_publication WHERE sequence = (SELECT max(sequence) FROM article_publication) RETURNING sequence
      ) SELECT setval('article_publication_sequence_seq', sequence - 1) FROM lost`);
    await expect(before.arrived(2)).rejects.toThrow('ended after 1');
    const after = gateway.subscribe<{ articlePublished: { id: string } }>(PUBLISHED);
    await live(1);
    expect(await after.arrived(0)).toEqual([]);
    const id = await published();
    expect(await after.arrived(1)).toEqual([{ articlePublished: { id } }]);
    await after.stop();
    await before.stop();
  });
});
