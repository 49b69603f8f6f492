import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { write } from '../seed.ts';
import {
  ADDED,
  ARTICLE,
  addComment,
  awaitComment,
  expectNothingLeft,
  openAcknowledged,
  type TestSocket,
} from './socket.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
});

afterAll(() => gateway.stop());

afterEach(() => expectNothingLeft(gateway));

const TITLE = 'query Title($slug: String!) { article(slug: $slug) { title } }';
const title = { payload: { data: { article: { title: 'Title 1' } } } };
const NAME = { data: { __typename: 'Query' } };

describe('an operation', () => {
  it('that is a query gets one result, then complete', async () => {
    const socket = await openAcknowledged(gateway);
    socket.subscribe('a', TITLE, { variables: { slug: 'article-1' }, operationName: 'Title', extensions: { x: 1 } });
    expect(await socket.ended('a')).toEqual([
      { id: 'a', type: 'next', ...title },
      { id: 'a', type: 'complete' },
    ]);
    await socket.close();
  });

  it('may have null for each optional parameter', async () => {
    const socket = await openAcknowledged(gateway);
    socket.subscribe('a', '{ __typename }', { variables: null, operationName: null, extensions: null });
    expect((await socket.ended('a'))[0]).toEqual({ id: 'a', type: 'next', payload: NAME });
    await socket.close();
  });

  it('that is a mutation gets one result, then complete', async () => {
    const socket = await openAcknowledged(gateway);
    socket.subscribe(
      'a',
      'mutation ($input: AddCommentInput!) { addComment(input: $input) { ... on AddCommentSuccess { comment { body { text } } } } }',
      {
        variables: {
          input: { articleId: ARTICLE, body: 'By WebSocket', guest: { name: 'Ann', email: 'ann@example.com' } },
        },
      },
    );
    expect(await socket.ended('a')).toEqual([
      { id: 'a', type: 'next', payload: { data: { addComment: { comment: { body: { text: 'By WebSocket' } } } } } },
      { id: 'a', type: 'complete' },
    ]);
    await socket.close();
  });

  it('with a failing field gets data and errors', async () => {
    const socket = await openAcknowledged(gateway);
    socket.subscribe('a', '{ __typename comment(id: "x") { id } articles(first: 101) { totalCount } }');
    const [result, complete] = await socket.ended('a');
    expect(result).toMatchObject({
      type: 'next',
      payload: { data: null, errors: [{ path: ['articles'], extensions: { code: 'BAD_USER_INPUT' } }] },
    });
    expect(complete).toEqual({ id: 'a', type: 'complete' });
    await socket.close();
  });

  it('does not wait for those before it, and gets its result on its own id', async () => {
    const socket = await openAcknowledged(gateway);
    socket.subscribe('live', ADDED);
    for (const id of ['a', 'b', 'c']) socket.subscribe(id, `{ ${id}: __typename }`);
    for (const id of ['a', 'b', 'c'])
      expect((await socket.ended(id))[0]).toEqual({ id, type: 'next', payload: { data: { [id]: 'Query' } } });
    expect(socket.of('live')).toEqual([]);
    await socket.close();
  });
});

describe('an operation that is refused', () => {
  it.each<[string, string, object]>([
    ['a syntax error', '{', {}],
    ['an empty document', '', {}],
    ['a comment alone', '# { __typename }', {}],
    ['a fragment alone', 'fragment F on Query { __typename }', {}],
    ['a type in place of an operation', 'type A { a: Int }', {}],
    ['a field that does not exist', '{ nothing }', {}],
    ['a subscription field that does not exist', 'subscription { nothing }', {}],
    ['two root fields in a subscription', `subscription { a: articlePublished { id } b: articlePublished { id } }`, {}],
    ['an operation name that does not exist', TITLE, { operationName: 'Other' }],
    ['a built-in name as operation name', TITLE, { operationName: 'constructor' }],
    ['an empty operation name among several', 'query A { __typename } query B { __typename }', { operationName: '' }],
    ['no operation name among several', 'query A { __typename } query B { __typename }', {}],
    ['two operations without names', '{ __typename } { __typename }', {}],
    ['a missing variable', TITLE, {}],
    ['a variable that is null', TITLE, { variables: { slug: null } }],
    ['a variable of another type', TITLE, { variables: { slug: { a: 1 } } }],
    ['a missing variable of a subscription', 'subscription ($id: ID!) { commentAdded(articleId: $id) { id } }', {}],
    ['an article that does not exist', 'subscription { commentAdded(articleId: "x") { id } }', {}],
    ['too many tokens', `{ ${'a '.repeat(5_001)} }`, {}],
  ])('for %s gets errors on its own id, and other operations continue', async (_, query, more) => {
    const socket = await openAcknowledged(gateway);
    socket.subscribe('live', ADDED);
    await awaitComment(gateway, socket, 'live');
    socket.subscribe('bad', query, more);
    expectRefused(await socket.ended('bad'));
    expect(socket.closed).toBeNull();
    await awaitComment(gateway, socket, 'live');
    expect(socket.of('live').every(({ type }) => type === 'next')).toBe(true);
    await socket.close();
  });

  it('frees its id', async () => {
    const socket = await openAcknowledged(gateway);
    for (const query of ['{', '{ nothing }', 'subscription { nothing }', TITLE]) {
      socket.subscribe('a', query);
      expectRefused(await socket.ended('a'));
      socket.messages.length = 0;
    }
    socket.subscribe('a', '{ __typename }');
    expect((await socket.ended('a'))[0]).toEqual({ id: 'a', type: 'next', payload: NAME });
    await socket.close();
  });
});

describe('a WebSocket with a hundred operations', () => {
  it('refuses one more, and accepts it once one has ended', async () => {
    const socket = await openAcknowledged(gateway);
    for (let i = 0; i < 100; i++) socket.subscribe(`a${i}`, ADDED);
    socket.subscribe('more', '{ __typename }');
    expect(await socket.ended('more')).toMatchObject([
      { type: 'error', payload: [{ extensions: { code: 'TOO_MANY_OPERATIONS' } }] },
    ]);
    socket.send({ id: 'a50', type: 'complete' });
    socket.subscribe('again', '{ __typename }');
    expect((await socket.ended('again'))[0]).toEqual({ id: 'again', type: 'next', payload: NAME });
    await awaitComment(gateway, socket, 'a99');
    await socket.close();
  });
});

/** Checks that nothing was executed: one `error`, or one result with errors alone and `complete`. */
function expectRefused(messages: TestSocket['messages']): void {
  const [first, ...rest] = messages;
  const errors = first!.type === 'error' ? first!.payload : (first!.payload as { errors: unknown }).errors;
  expect(errors).toEqual(expect.arrayContaining([expect.objectContaining({ message: expect.any(String) })]));
  expect(JSON.stringify(messages)).not.toMatch(/INTERNAL_SERVER_ERROR|"http"|stack/);
  if (first!.type === 'next') expect((first!.payload as { data?: unknown }).data ?? null).toBeNull();
  expect(rest.map(({ type }) => type)).toEqual(first!.type === 'error' ? [] : ['complete']);
}

describe('a client that completes an operation', () => {
  it('receives nothing more on that id, and its other subscriptions continue', async () => {
    const socket = await openAcknowledged(gateway);
    for (const id of ['a', 'b']) {
      socket.subscribe(id, ADDED);
      await awaitComment(gateway, socket, id);
    }
    socket.send({ id: 'a', type: 'complete' });
    await socket.awaitPong();
    const before = socket.of('a').length;
    await awaitComment(gateway, socket, 'b');
    expect(socket.of('a')).toHaveLength(before);
    await socket.close();
  });

  it('before the first result leaves nothing behind', async () => {
    const socket = await openAcknowledged(gateway);
    for (let i = 0; i < 20; i++) {
      socket.subscribe(`a${i}`, ADDED);
      socket.send({ id: `a${i}`, type: 'complete' });
    }
    await socket.awaitPong();
    await until('no log is followed', () => gateway.watched === 0);
    await addComment(gateway, 'Without subscribers');
    await socket.awaitPong();
    expect(socket.messages.filter(({ type }) => type === 'next')).toEqual([]);
    expect(socket.closed).toBeNull();
    await socket.close();
  });

  it('twice, and after its end, changes nothing', async () => {
    const socket = await openAcknowledged(gateway);
    socket.subscribe('a', '{ __typename }');
    await socket.ended('a');
    socket.send({ id: 'a', type: 'complete' });
    socket.send({ id: 'a', type: 'complete' });
    await socket.awaitPong();
    expect(socket.of('a')).toHaveLength(2);
    await socket.close();
  });
});

describe('a WebSocket that closes', () => {
  it('ends all of its subscriptions', async () => {
    const socket = await openAcknowledged(gateway);
    for (let i = 0; i < 20; i++) socket.subscribe(`a${i}`, ADDED);
    await awaitComment(gateway, socket, 'a19');
    expect(gateway.watched).toBe(1);
    await socket.close();
    await until('no log is followed', () => gateway.watched === 0);
  });

  it('right after an operation was sent leaves nothing behind', async () => {
    for (let i = 0; i < 20; i++) {
      const socket = await openAcknowledged(gateway);
      socket.subscribe('a', ADDED);
      if (i % 2) socket.socket.terminate();
      else await socket.close();
    }
    await until('no log is followed', () => gateway.watched === 0);
  });
});
