import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { write } from '../seed.ts';
import { ADDED, ARTICLE, addComment, hears, isUnharmed, openReady, type TestSocket } from './socket.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
});

afterAll(() => gateway.stop());

afterEach(() => isUnharmed(gateway));

const TITLE = 'query Title($slug: String!) { article(slug: $slug) { title } }';
const title = { payload: { data: { article: { title: 'Title 1' } } } };
const NAME = { data: { __typename: 'Query' } };

describe('an operation', () => {
  it('that is a query is answered by one result, then complete', async () => {
    const socket = await openReady(gateway);
    socket.subscribe('a', TITLE, { variables: { slug: 'article-1' }, operationName: 'Title', extensions: { x: 1 } });
    expect(await socket.ended('a')).toEqual([
      { id: 'a', type: 'next', ...title },
      { id: 'a', type: 'complete' },
    ]);
    await socket.close();
  });

  it('may come with null for what may be left out', async () => {
    const socket = await openReady(gateway);
    socket.subscribe('a', '{ __typename }', { variables: null, operationName: null, extensions: null });
    expect((await socket.ended('a'))[0]).toEqual({ id: 'a', type: 'next', payload: NAME });
    await socket.close();
  });

  it('that is a mutation is answered by one result, then complete', async () => {
    const socket = await openReady(gateway);
    socket.subscribe(
      'a',
      'mutation ($input: AddCommentInput!) { addComment(input: $input) { ... on AddCommentSuccess { comment { body { text } } } } }',
      {
        variables: {
          input: { articleId: ARTICLE, body: 'By socket', guest: { name: 'Ann', email: 'ann@example.com' } },
        },
      },
    );
    expect(await socket.ended('a')).toEqual([
      { id: 'a', type: 'next', payload: { data: { addComment: { comment: { body: { text: 'By socket' } } } } } },
      { id: 'a', type: 'complete' },
    ]);
    await socket.close();
  });

  it('that fails in a field is answered by data and errors', async () => {
    const socket = await openReady(gateway);
    socket.subscribe('a', '{ __typename comment(id: "x") { id } articles(first: 101) { totalCount } }');
    const [result, complete] = await socket.ended('a');
    expect(result).toMatchObject({
      type: 'next',
      payload: { data: null, errors: [{ path: ['articles'], extensions: { code: 'BAD_USER_INPUT' } }] },
    });
    expect(complete).toEqual({ id: 'a', type: 'complete' });
    await socket.close();
  });

  it('does not wait for those before it, and each is answered on its own id', async () => {
    const socket = await openReady(gateway);
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
    ['no document', '', {}],
    ['a comment alone', '# { __typename }', {}],
    ['a fragment alone', 'fragment F on Query { __typename }', {}],
    ['a type in place of an operation', 'type A { a: Int }', {}],
    ['a field that is not there', '{ nothing }', {}],
    ['a field of a subscription that is not there', 'subscription { nothing }', {}],
    ['two fields in a subscription', `subscription { a: articlePublished { id } b: articlePublished { id } }`, {}],
    ['an operation name that is not there', TITLE, { operationName: 'Other' }],
    ['an operation name of a built-in property', TITLE, { operationName: 'constructor' }],
    ['an empty operation name among several', 'query A { __typename } query B { __typename }', { operationName: '' }],
    ['no operation name among several', 'query A { __typename } query B { __typename }', {}],
    ['two operations without names', '{ __typename } { __typename }', {}],
    ['a variable that is missing', TITLE, {}],
    ['a variable that is null', TITLE, { variables: { slug: null } }],
    ['a variable of another type', TITLE, { variables: { slug: { a: 1 } } }],
    [
      'a variable of a subscription that is missing',
      'subscription ($id: ID!) { commentAdded(articleId: $id) { id } }',
      {},
    ],
    ['an article that is not there', 'subscription { commentAdded(articleId: "x") { id } }', {}],
    ['too many tokens', `{ ${'a '.repeat(5_001)} }`, {}],
  ])('for %s is told on its own id, and the others go on', async (_, query, more) => {
    const socket = await openReady(gateway);
    socket.subscribe('live', ADDED);
    await hears(gateway, socket, 'live');
    socket.subscribe('bad', query, more);
    expectRefused(await socket.ended('bad'));
    expect(socket.closed).toBeNull();
    await hears(gateway, socket, 'live');
    expect(socket.of('live').every(({ type }) => type === 'next')).toBe(true);
    await socket.close();
  });

  it('gives its id free', async () => {
    const socket = await openReady(gateway);
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

describe('a socket with a hundred operations', () => {
  it('takes no more on it, and one more as soon as one has ended', async () => {
    const socket = await openReady(gateway);
    for (let i = 0; i < 100; i++) socket.subscribe(`a${i}`, ADDED);
    socket.subscribe('more', '{ __typename }');
    expect(await socket.ended('more')).toMatchObject([
      { type: 'error', payload: [{ extensions: { code: 'TOO_MANY_OPERATIONS' } }] },
    ]);
    socket.say({ id: 'a50', type: 'complete' });
    socket.subscribe('again', '{ __typename }');
    expect((await socket.ended('again'))[0]).toEqual({ id: 'again', type: 'next', payload: NAME });
    await hears(gateway, socket, 'a99');
    await socket.close();
  });
});

/** One error, or a result that has errors and nothing else, and then the end: nothing was executed. */
function expectRefused(messages: TestSocket['messages']): void {
  const [first, ...rest] = messages;
  const errors = first!.type === 'error' ? first!.payload : (first!.payload as { errors: unknown }).errors;
  expect(errors).toEqual(expect.arrayContaining([expect.objectContaining({ message: expect.any(String) })]));
  expect(JSON.stringify(messages)).not.toMatch(/INTERNAL_SERVER_ERROR|"http"|stack/);
  if (first!.type === 'next') expect((first!.payload as { data?: unknown }).data ?? null).toBeNull();
  expect(rest.map(({ type }) => type)).toEqual(first!.type === 'error' ? [] : ['complete']);
}

describe('a client that completes', () => {
  it('hears nothing more on that id, and the other subscriptions go on', async () => {
    const socket = await openReady(gateway);
    for (const id of ['a', 'b']) {
      socket.subscribe(id, ADDED);
      await hears(gateway, socket, id);
    }
    socket.say({ id: 'a', type: 'complete' });
    await socket.answersPing();
    const before = socket.of('a').length;
    await hears(gateway, socket, 'b');
    expect(socket.of('a')).toHaveLength(before);
    await socket.close();
  });

  it('may do so before the first result, and leaves nothing behind', async () => {
    const socket = await openReady(gateway);
    for (let i = 0; i < 20; i++) {
      socket.subscribe(`a${i}`, ADDED);
      socket.say({ id: `a${i}`, type: 'complete' });
    }
    await socket.answersPing();
    await until('nobody follows the article', () => gateway.watched === 0);
    await addComment(gateway, 'for nobody');
    await socket.answersPing();
    expect(socket.messages.filter(({ type }) => type === 'next')).toEqual([]);
    expect(socket.closed).toBeNull();
    await socket.close();
  });

  it('may do so twice, and after the end', async () => {
    const socket = await openReady(gateway);
    socket.subscribe('a', '{ __typename }');
    await socket.ended('a');
    socket.say({ id: 'a', type: 'complete' });
    socket.say({ id: 'a', type: 'complete' });
    await socket.answersPing();
    expect(socket.of('a')).toHaveLength(2);
    await socket.close();
  });
});

describe('a socket that closes', () => {
  it('ends all of its subscriptions', async () => {
    const socket = await openReady(gateway);
    for (let i = 0; i < 20; i++) socket.subscribe(`a${i}`, ADDED);
    await hears(gateway, socket, 'a19');
    expect(gateway.watched).toBe(1);
    await socket.close();
    await until('nobody follows the article', () => gateway.watched === 0);
  });

  it('right after it has subscribed leaves nothing behind', async () => {
    for (let i = 0; i < 20; i++) {
      const socket = await openReady(gateway);
      socket.subscribe('a', ADDED);
      if (i % 2) socket.socket.terminate();
      else await socket.close();
    }
    await until('nobody follows the article', () => gateway.watched === 0);
  });
});
