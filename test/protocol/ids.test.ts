import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { write } from '../seed.ts';
import { ADDED, addComment, awaitComment, expectNothingLeft, openAcknowledged } from './socket.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
});

afterAll(() => gateway.stop());

afterEach(() => expectNothingLeft(gateway));

const TITLE = 'query Title($slug: String!) { article(slug: $slug) { title } }';
const title = { payload: { data: { article: { title: 'Title 1' } } } };
const NAME = { data: { __typename: 'Query' } };

/** Ids that are properties of every object. */
const BUILT_IN = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__', 'null', '0'];

describe('an id', () => {
  it('that is in use closes the WebSocket with 4409', async () => {
    const socket = await openAcknowledged(gateway);
    socket.subscribe('a', ADDED);
    await awaitComment(gateway, socket, 'a');
    socket.subscribe('a', '{ __typename }');
    expect(await socket.closeCode()).toBe(4409);
  });

  it('that is in use closes the WebSocket with 4409, however long it is', async () => {
    for (const id of ['a'.repeat(200), '\u{1f600}'.repeat(40)]) {
      const socket = await openAcknowledged(gateway);
      socket.subscribe(id, ADDED);
      socket.subscribe(id, ADDED);
      expect(await socket.closeCode()).toBe(4409);
    }
  });

  it('that is used by two operations sent at once closes the WebSocket with 4409', async () => {
    const socket = await openAcknowledged(gateway);
    socket.subscribe('a', ADDED);
    socket.subscribe('a', ADDED);
    expect(await socket.closeCode()).toBe(4409);
  });

  it('may be in use on another WebSocket', async () => {
    const [one, other] = [await openAcknowledged(gateway), await openAcknowledged(gateway)];
    for (const socket of [one, other]) socket.subscribe('a', ADDED);
    for (const socket of [one, other]) await awaitComment(gateway, socket, 'a');
    await one.close();
    await awaitComment(gateway, other, 'a');
    await other.close();
  });

  it('is free again once its operation is complete', async () => {
    const socket = await openAcknowledged(gateway);
    for (let i = 1; i <= 50; i++) {
      socket.subscribe('a', `{ a${i}: __typename }`);
      await until(`round ${i} is complete`, () => socket.of('a').length === 2 * i);
      expect(socket.of('a').at(-2)!.payload).toEqual({ data: { [`a${i}`]: 'Query' } });
    }
    await socket.close();
  });

  // PROTOCOL.md of graphql-ws: "Once a client completes an operation, it is free to re-use that ID."
  it('is free again at once when the client completes its operation', async () => {
    const socket = await openAcknowledged(gateway);
    socket.subscribe('a', ADDED);
    await awaitComment(gateway, socket, 'a');
    const before = socket.of('a').length;
    socket.send({ id: 'a', type: 'complete' });
    socket.subscribe('a', TITLE, { variables: { slug: 'article-1' } });
    await socket.ended('a');
    // No message of the operation before is taken for one of this; further comments may have been on their way.
    const later = socket.of('a').slice(before);
    const first = later.findIndex(({ payload }) => !JSON.stringify(payload).includes('commentAdded'));
    expect(later.slice(first)).toEqual([
      { id: 'a', type: 'next', ...title },
      { id: 'a', type: 'complete' },
    ]);
    await socket.close();
  });

  it('is free again at once for another subscription, which stays live', async () => {
    const socket = await openAcknowledged(gateway);
    socket.subscribe('a', ADDED);
    await awaitComment(gateway, socket, 'a');
    for (let i = 0; i < 5; i++) {
      socket.send({ id: 'a', type: 'complete' });
      socket.subscribe('a', ADDED);
    }
    // A comment of before may still arrive, so none shows that the last subscription is live.
    await socket.awaitPong();
    await until('it is live', async () => (await gateway.metrics()).live_subscriptions === 1);
    const before = socket.of('a').length;
    await addComment(gateway, 'once');
    const received = () => socket.of('a').slice(before);
    const ofIt = () => received().filter((message) => JSON.stringify(message).includes('once'));
    await until('it arrives', () => ofIt().length > 0);
    await awaitComment(gateway, socket, 'a');
    // Each comment arrives once, so no earlier subscription is left.
    expect(received().every(({ type }) => type === 'next')).toBe(true);
    expect(ofIt()).toHaveLength(1);
    await socket.close();
  });

  it('is free again at once while a query is still being executed on it', async () => {
    const lock = await gateway.secondConnection();
    await lock.query('BEGIN; LOCK TABLE article IN ACCESS EXCLUSIVE MODE');
    const socket = await openAcknowledged(gateway);
    for (let i = 0; i < 10; i++) {
      socket.subscribe('a', TITLE, { variables: { slug: 'article-1' } });
      socket.send({ id: 'a', type: 'complete' });
    }
    socket.subscribe('a', ADDED);
    // Messages are handled in order, so all queries have been completed then.
    socket.send({ type: 'ping' });
    await until('the messages are handled', () => socket.messages.some(({ type }) => type === 'pong'));
    await lock.end();
    await awaitComment(gateway, socket, 'a');
    expect(JSON.stringify(socket.of('a'))).not.toMatch(/"article"|"complete"/);
    socket.send({ id: 'a', type: 'complete' });
    await until('no log is followed', () => gateway.watched === 0);
    await socket.close();
  });

  it.each(BUILT_IN)('may be the built-in name %s', async (id) => {
    const socket = await openAcknowledged(gateway);
    socket.subscribe(id, '{ __typename }');
    expect(await socket.ended(id)).toEqual([
      { id, type: 'next', payload: NAME },
      { id, type: 'complete' },
    ]);
    socket.messages.length = 0;
    socket.subscribe(id, ADDED);
    await awaitComment(gateway, socket, id);
    socket.send({ id, type: 'complete' });
    await until('no log is followed', () => gateway.watched === 0);
    await socket.close();
  });

  it.each([' ', '\0', '"', '\u2028', '\ud83d\ude00', 'x'.repeat(1_000), '{"id":"a"}'])('may be %j', async (id) => {
    const socket = await openAcknowledged(gateway);
    socket.subscribe(id, '{ __typename }');
    expect((await socket.ended(id))[0]).toEqual({ id, type: 'next', payload: NAME });
    await socket.close();
  });

  it('is kept apart from 499 others', async () => {
    const socket = await openAcknowledged(gateway);
    const ids = Array.from({ length: 500 }, (_, i) => `id ${i}`);
    for (const [i, id] of ids.entries()) {
      socket.subscribe(id, `{ a${i}: __typename }`);
      // At most 100 operations run at a time.
      if (i % 50 === 49) await socket.ended(id);
    }
    for (const [i, id] of ids.entries()) {
      const [result, complete, ...more] = await socket.ended(id);
      expect([result!.payload, complete!.type, more]).toEqual([{ data: { [`a${i}`]: 'Query' } }, 'complete', []]);
    }
    await socket.close();
  });
});
