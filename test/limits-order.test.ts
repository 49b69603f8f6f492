import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import type { Answer, Client } from './client.ts';
import { startGateway, type TestGateway, tokenOf } from './gateway.ts';
import { post } from './http/requests.ts';
import { write } from './seed.ts';

/** Aliases of a mutation in one request, as many as fit into a document of 5,000 tokens. */
const ALIASES = 100;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(
    (sql) =>
      write(sql, {
        authors: [{ id: 1 }],
        articles: [{ id: 1 }, { id: 2 }, { id: 3 }],
        comments: [{ id: 1, article: 1 }],
      }),
    {
      ...{ RATE_LIMITS: 'memory', TRUST_PROXY: '1', HOLD_FREQUENT: '0', HOLD_REPEATED_WITHIN: '0' },
      HOLD_BUSY_ARTICLE: '5',
    },
  );
});

afterAll(() => gateway.stop());

/** A mutation of the schema with one input. */
interface Mutation {
  field: string;
  input: Record<string, unknown>;
}

/** Sends one mutation many times in one request. @returns how often each type was the result */
async function sendAliases(
  client: Client,
  { field, input }: Mutation,
): Promise<{ types: Record<string, number>; statements: number }> {
  const fields = Array.from({ length: ALIASES }, (_, n) => `a${n}: ${field}(input: $input) { __typename }`);
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${fields.join(' ')} }`;
  return countTypes(await client.ask<Record<string, { __typename: string }>>(query, { input }));
}

function countTypes({ data, statements }: Answer<Record<string, { __typename: string }>>) {
  const types: Record<string, number> = {};
  for (const { __typename } of Object.values(data)) types[__typename] = (types[__typename] ?? 0) + 1;
  return { types, statements: statements.length };
}

const ARTICLE = encodeId('Article', 1);
const COMMENT = encodeId('Comment', 1);
const NO_ARTICLE = encodeId('Article', 99);
const NO_COMMENT = encodeId('Comment', 99);

interface Attempt extends Mutation {
  /** How often a sender may try it. */
  limit: number;
  role?: 'READER' | 'WRITER';
  /** Of the input, which fails. */
  error: string;
  /** An input that fails before anything is read. */
  invalid: Record<string, unknown>;
}

const ATTEMPTS: Attempt[] = [
  {
    field: 'addComment',
    limit: 10,
    input: { articleId: ARTICLE, parentId: NO_COMMENT, body: 'Hello' },
    error: 'NotFoundError',
    // Shows nothing, which only rendering finds out.
    invalid: { articleId: ARTICLE, body: '&nbsp;' },
  },
  {
    field: 'editComment',
    limit: 20,
    input: { id: NO_COMMENT, body: 'Hello' },
    error: 'NotFoundError',
    invalid: { id: COMMENT, body: '' },
  },
  { field: 'removeComment', limit: 20, input: { id: COMMENT }, error: 'ForbiddenError', invalid: { id: 'x' } },
  {
    field: 'react',
    limit: 60,
    input: { commentId: NO_COMMENT, kind: 'LIKE', on: true },
    error: 'NotFoundError',
    invalid: { commentId: 'x', kind: 'LIKE', on: true },
  },
  {
    field: 'reportComment',
    limit: 10,
    input: { commentId: NO_COMMENT, reason: 'Rude' },
    error: 'NotFoundError',
    invalid: { commentId: COMMENT, reason: '' },
  },
  {
    field: 'updateProfile',
    limit: 10,
    // Nothing that is read can make it fail for one's own profile.
    input: { bio: 'Words' },
    error: 'ProfileSuccess',
    invalid: { bio: '&nbsp;' },
  },
  {
    field: 'createArticle',
    limit: 30,
    role: 'WRITER',
    input: { title: 'New', markdown: 'Text', slug: 'article-1' },
    error: 'ConflictError',
    invalid: { title: '', markdown: 'Text' },
  },
  {
    field: 'updateArticle',
    limit: 30,
    role: 'WRITER',
    input: { id: ARTICLE, expectedVersion: 1, markdown: 'Text' },
    error: 'ForbiddenError',
    invalid: { id: ARTICLE, expectedVersion: 1, markdown: '' },
  },
  {
    field: 'publishArticle',
    limit: 30,
    role: 'WRITER',
    input: { id: ARTICLE },
    error: 'ForbiddenError',
    invalid: { id: 'x' },
  },
  {
    field: 'unpublishArticle',
    limit: 30,
    role: 'WRITER',
    input: { id: NO_ARTICLE },
    error: 'NotFoundError',
    invalid: { id: 'x' },
  },
];

describe.each(ATTEMPTS)('$field', ({ field, limit, role = 'READER', input, error, invalid }) => {
  it(`that fails counts against its sender: of ${ALIASES} in one request ${limit} are tried`, async () => {
    const sender = gateway.as({ name: field, role });
    await sender.ask('{ viewer { role } }');
    const { types, statements } = await sendAliases(sender, { field, input });
    expect(types).toEqual({ [error]: limit, RateLimitedError: ALIASES - limit });
    expect(statements).toBeGreaterThan(0);
    expect(statements).toBeLessThanOrEqual(limit * 8);
  });

  it('over its limit costs no statement, and its input is not looked at', async () => {
    const sender = gateway.as({ name: field, role });
    for (const refused of [input, invalid])
      expect(await sendAliases(sender, { field, input: refused })).toEqual({
        types: { RateLimitedError: ALIASES },
        statements: 0,
      });
  });
});

it('of many keys in one request, the search for an earlier comment is limited, too', async () => {
  const sender = gateway.as({ name: 'Kay' });
  await sender.ask('{ viewer { role } }');
  const fields = Array.from(
    { length: ALIASES },
    (_, n) =>
      `a${n}: addComment(input: { articleId: "${NO_ARTICLE}", body: "Hello", idempotencyKey: "${n}" }) { __typename }`,
  );
  const query = `mutation { ${fields.join(' ')} }`;
  const first = countTypes(await sender.ask(query));
  expect(first.types).toEqual({ NotFoundError: 10, RateLimitedError: ALIASES - 10 });
  // 60 searches, and ten attempts.
  expect(first.statements).toBeLessThanOrEqual(60 + 10 * 4);
  expect(countTypes(await sender.ask(query))).toEqual({ types: { RateLimitedError: ALIASES }, statements: 0 });
});

it('a mutation that the role forbids is refused without a statement', async () => {
  const refused = { types: { ForbiddenError: ALIASES }, statements: 0 };
  const react = { field: 'react', input: { commentId: COMMENT, kind: 'LIKE', on: true } };
  expect(await sendAliases(gateway, react)).toEqual(refused);
  const reader = gateway.as({ name: 'Rita' });
  await reader.ask('{ viewer { role } }');
  const approve = { field: 'moderateComments', input: { comments: [{ id: COMMENT, version: 1 }], action: 'APPROVE' } };
  expect(await sendAliases(reader, approve)).toEqual(refused);
});

const ADD = `mutation ($input: AddCommentInput!) { addComment(input: $input) { __typename
  ... on AddCommentSuccess { held comment { id } } ... on Error { message } } }`;

interface Added {
  __typename: string;
  held?: boolean;
  comment?: { id: string };
}

/** Adds a comment from an address, as a guest unless a token is given. */
async function add(
  { address, token }: { address: string; token?: string },
  input: Record<string, unknown>,
): Promise<Added> {
  const guest = { name: 'Ann', email: `ann@${address}.example` };
  const headers = { 'x-forwarded-for': address, ...(token && { authorization: `Bearer ${token}` }) };
  const variables = { input: { body: 'Hello', ...(token === undefined && { guest }), ...input } };
  const { json } = await post(gateway, { query: ADD, variables }, headers);
  return (json.data as { addComment: Added }).addComment;
}

async function holdReasons(id: string): Promise<string[]> {
  const { rows } = await gateway.sql.query('SELECT hold_reasons FROM comment WHERE id = $1', [
    Number(Buffer.from(id, 'base64url').toString().split(':')[1]),
  ]);
  return rows[0].hold_reasons;
}

describe('an article', () => {
  it('stays open to all others after failed attempts from many addresses', async () => {
    const articleId = encodeId('Article', 2);
    for (let network = 1; network <= 15; network++)
      await Promise.all(
        Array.from({ length: 10 }, (_, n) => {
          const fault = n % 2 ? { parentId: NO_COMMENT } : { body: '&nbsp;' };
          return add({ address: `192.0.2.${network}` }, { articleId, ...fault });
        }),
      );
    expect(await add({ address: '192.0.2.1' }, { articleId })).toMatchObject({ __typename: 'RateLimitedError' });
    expect(await add({ address: '198.51.100.1' }, { articleId })).toMatchObject({ held: false });
  });

  it('that received many comments in a minute has more of them held, except those of staff', async () => {
    const articleId = encodeId('Article', 3);
    const addFrom = (n: number, input = {}) => add({ address: `203.0.113.${n}` }, { articleId, ...input });
    // At once: the sixth is held, whichever it is.
    const added = await Promise.all(Array.from({ length: 6 }, (_, n) => addFrom(n)));
    expect(added.map(({ held }) => held).sort()).toEqual([false, false, false, false, false, true]);
    const held = await addFrom(7);
    expect(held).toMatchObject({ __typename: 'AddCommentSuccess', held: true });
    expect(await holdReasons(held.comment!.id)).toEqual([
      'The article received 5 or more other comments in the last 60 seconds.',
    ]);
    const token = await tokenOf({ name: 'Mo', role: 'MODERATOR' });
    expect(await add({ address: '203.0.113.8', token }, { articleId })).toMatchObject({ held: false });
    expect(await addFrom(9, { articleId: encodeId('Article', 1) })).toMatchObject({ held: false });

    await gateway.sql.query(`UPDATE comment SET created_at = created_at - interval '1 minute'`);
    expect(await addFrom(10)).toMatchObject({ held: false });
  });

  it('does not hold the edit of a visible comment because it received many others', async () => {
    const articleId = encodeId('Article', 3);
    const token = await tokenOf({ name: 'Eda' });
    await gateway.sql.query(`UPDATE comment SET created_at = created_at - interval '1 minute'`);
    const { comment } = await add({ address: '203.0.113.11', token }, { articleId });
    for (let n = 12; n < 18; n++) await add({ address: `203.0.113.${n}` }, { articleId });
    const edit = `mutation { editComment(input: { id: "${comment!.id}", body: "Changed" }) {
      ... on EditCommentSuccess { comment { status } } } }`;
    const { data } = await gateway.as({ name: 'Eda' }).ask(edit);
    expect(data).toEqual({ editComment: { comment: { status: 'VISIBLE' } } });
  });
});

describe('a comment that is sent again under its key', () => {
  it('is found without rendering or a transaction, also by a sender over the limit', async () => {
    const sender = gateway.as({ name: 'Kim' });
    const input = { articleId: ARTICLE, body: 'Once', idempotencyKey: 'once' };
    const first = await sender.ask<{ addComment: Added }>(ADD, { input });
    for (let n = 0; n < 10; n++) await sender.ask(ADD, { input: { articleId: ARTICLE, body: `Number ${n}` } });
    const other = await sender.ask(ADD, { input: { articleId: ARTICLE, body: 'Another' } });
    expect(other.data).toMatchObject({ addComment: { __typename: 'RateLimitedError' } });
    const again = await sender.ask<{ addComment: Added }>(ADD, { input });
    expect(again.data).toEqual(first.data);
    expect(again.statements.filter((text) => /BEGIN|FOR NO KEY UPDATE|INSERT/.test(text))).toEqual([]);
  });

  it('is not found when its article is not public any more', async () => {
    const sender = gateway.as({ name: 'Lea' });
    const articleId = encodeId('Article', 2);
    const input = { articleId, body: 'Once', idempotencyKey: 'once' };
    expect((await sender.ask(ADD, { input })).data).toMatchObject({ addComment: { __typename: 'AddCommentSuccess' } });
    await gateway.sql.query(`UPDATE article SET status = 'ARCHIVED' WHERE id = 2`);
    expect((await sender.ask(ADD, { input })).data).toMatchObject({ addComment: { __typename: 'NotFoundError' } });
  });
});
