import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeEventCursor } from '../schema/content/event-cursor.ts';
import { encodeId } from '../schema/content/ids.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: [{ id: 1 }],
      topics: [{ id: 1 }],
      articles: [{ id: 1, topics: [1] }, { id: 2 }],
      comments: [
        { id: 1, article: 1 },
        { id: 2, article: 1, parent: 1 },
        { id: 3, article: 1 },
      ],
    }),
  );
});

afterAll(() => gateway.stop());

/** Texts of every kind: any UTF-16 units, what looks like ids and cursors, and what other programs would stumble on. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  // Lone surrogates among them.
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 }).map((units) => String.fromCharCode(...units)),
  fc.json().map((json) => Buffer.from(json).toString('base64url')),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    "' OR 1=1 --",
    '%',
    '_',
    '\\',
    '"',
    ':*',
    '&|!()',
    '<->',
    '$1',
    '{}',
    'null',
    '💥'.repeat(99),
  ),
);

/** Ids and cursors near to true ones. */
const handle = fc.oneof(
  text,
  fc
    .tuple(
      fc.constantFrom('Article', 'Author', 'Topic', 'Comment', 'Nothing'),
      fc.oneof(fc.integer(), fc.bigInt(), fc.double()),
    )
    .map(([type, id]) => Buffer.from(`${type}:${id}`).toString('base64url')),
  fc
    .tuple(fc.nat(), fc.nat(), fc.nat())
    .map(([articleId, epoch, sequence]) => encodeEventCursor({ articleId, epoch, sequence })),
  fc
    .array(fc.oneof(fc.string(), fc.integer(), fc.double(), fc.constant(null)), { maxLength: 4 })
    .map((place) => Buffer.from(JSON.stringify(place)).toString('base64url')),
);

const anyNumber = fc.option(fc.oneof(fc.integer({ min: -2, max: 102 }), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1)));

/** What a driver, a server or a runtime says, and no client should read. */
const PRIVATE =
  /postgres|prisma|\bSQL\b|syntax error|relation "|column "|invalid byte|ECONN|TypeError|RangeError|node_modules|\.ts:\d/i;

/** Asks once with each of the generated values; answers may be anything but a fault of ours. */
async function holds<Values extends Record<string, unknown>>(
  query: string,
  values: { [Name in keyof Values]: fc.Arbitrary<Values[Name]> },
  runs = 100,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.record(values), async (variables) => {
      const { data, errors } = await gateway.ask<Record<string, unknown>>(query, variables);
      for (const { message, extensions } of errors ?? []) {
        expect(extensions?.code).not.toBe('INTERNAL_SERVER_ERROR');
        expect(extensions?.code).not.toBe('SERVICE_UNAVAILABLE');
        // What was sent may be quoted.
        const said = Object.values(variables).reduce<string>(
          (rest, value) => rest.replaceAll(String(value), ''),
          message,
        );
        expect(said).not.toMatch(PRIVATE);
      }
      for (const result of Object.values(data ?? {}))
        if (result && typeof result === 'object' && 'message' in result) expect(result.message).not.toMatch(PRIVATE);
    }),
    { numRuns: runs },
  );
}

describe('no fault and no word of the driver comes of', () => {
  it('any id', () =>
    holds(
      `query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id, $id]) { id } comment(id: $id) { id }
        article(slug: "article-1") { thread(under: $id) { rows { depth } } } }`,
      { id: handle },
    ));

  it('any id in another place of a thread', () =>
    holds('query ($id: ID!) { article(slug: "article-1") { thread(around: $id) { rows { depth } } } }', {
      id: handle,
    }));

  it('any slug', () =>
    holds(
      `query ($slug: String!) { article(slug: $slug) { id } author(slug: $slug) { id } topic(slug: $slug) { id }
        articles(where: { topic: $slug, author: $slug }) { totalCount } }`,
      { slug: text },
    ));

  it('any cursor and page', () =>
    holds(
      `query ($first: Int, $after: String, $last: Int, $before: String) {
        articles(first: $first, after: $after, last: $last, before: $before) { edges { cursor } }
        authors(first: $first, after: $after) { edges { cursor } } topics(last: $last, before: $before) { edges { cursor } }
        article(slug: "article-1") { comments(first: $first, after: $after, orderBy: TOP) { edges { cursor } }
          thread(first: $first, after: $after) { rows { cursor } } } }`,
      { first: anyNumber, after: fc.option(handle), last: anyNumber, before: fc.option(handle) },
      200,
    ));

  it('any cursor of events', () =>
    holds(
      `query ($after: EventCursor!, $first: Int) {
        article(slug: "article-1") { events(after: $after, first: $first) { cursor hasMore events { __typename } } } }`,
      { after: handle, first: anyNumber },
    ));

  it('any search', () =>
    holds(
      'query ($query: String!, $first: Int, $after: String) { search(query: $query, first: $first, after: $after) { totalCount edges { headline } } }',
      { query: text, first: anyNumber, after: fc.option(handle) },
      150,
    ));

  it('any comment', () =>
    holds(
      `mutation ($id: ID!, $parent: ID, $body: String!, $name: String!, $email: String!, $url: String, $key: String) {
        addComment(input: { articleId: $id, parentId: $parent, body: $body, idempotencyKey: $key,
          guest: { name: $name, email: $email, url: $url } }) { ... on Error { code message }
          ... on AddCommentSuccess { comment { body { html text markdown } author { name slug } } } } }`,
      {
        id: fc.oneof({ weight: 5, arbitrary: fc.constant(encodeId('Article', 1)) }, { weight: 1, arbitrary: handle }),
        parent: fc.oneof(
          { weight: 3, arbitrary: fc.constantFrom(null, encodeId('Comment', 1)) },
          { weight: 1, arbitrary: handle },
        ),
        body: text,
        name: fc.oneof(fc.constant('Ann'), text),
        email: fc.oneof(fc.constant('ann@example.com'), fc.emailAddress(), text),
        url: fc.option(fc.oneof(fc.webUrl(), text)),
        key: fc.option(text),
      },
      250,
    ));

  it('any receipt, edit, removal or report', () =>
    holds(
      `mutation ($id: ID!, $receipt: String!, $body: String!) {
        editComment(input: { id: $id, receipt: $receipt, body: $body }) { ... on Error { code message } }
        removeComment(input: { id: $id, receipt: $receipt }) { ... on Error { code message } }
        reportComment(input: { commentId: $id, reason: $body }) { ... on Error { code message } }
        react(input: { commentId: $id, kind: LIKE }) { ... on Error { code message } }
        moderateComments(input: { comments: [{ id: $id, version: 1 }], action: PIN, reason: $body }) { ... on Error { code message } } }`,
      { id: fc.oneof(fc.constant(encodeId('Comment', 3)), handle), receipt: text, body: text },
    ));

  it('any decision of a moderator', async () => {
    const moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
    const seen = fc.record({ id: handle, version: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(seen, { maxLength: 5 }), text, handle, async (comments, reason, articleId) => {
        const { errors } = await moderator.ask(
          `mutation ($comments: [ModeratedCommentInput!]!, $reason: String) {
            moderateComments(input: { comments: $comments, action: APPROVE, reason: $reason }) { ... on Error { code message } } }`,
          { comments, reason },
        );
        expect(errors).toBeUndefined();
        const queue = await moderator.ask(
          'query ($id: ID, $after: String) { moderationQueue(articleId: $id, after: $after) { totalCount } }',
          {
            id: articleId,
            after: reason,
          },
        );
        for (const { extensions } of queue.errors ?? []) expect(extensions.code).toBe('BAD_USER_INPUT');
      }),
      { numRuns: 60 },
    );
  });
});
