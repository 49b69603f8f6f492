import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { write } from '../seed.ts';
import { ADDED, addComment, awaitComment, expectNothingLeft, openAcknowledged, type TestSocket } from './socket.ts';

let gateway: TestGateway;
let written = 0;

/** New documents of each other WebSocket. */
const OTHERS = 15;

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
});

afterAll(() => gateway.stop());

afterEach(() => expectNothingLeft(gateway));

/** A document that no other client has sent, and which takes a while to read. */
function newDocument(): string {
  written += 1;
  return `{ ${Array.from({ length: 90 }, (_, i) => `a${written}_${i}: __typename`).join(' ')} }`;
}

/** Has new documents wait for their turns, behind those of other WebSockets. */
async function occupyTurns(): Promise<TestSocket[]> {
  const others = await Promise.all(Array.from({ length: 3 }, () => openAcknowledged(gateway)));
  for (const other of others) for (let i = 0; i < OTHERS; i++) other.subscribe(`${i}`, newDocument());
  return others;
}

describe('an id whose operation the client completes while its document waits to be read', () => {
  it.each([
    ['a subscription', () => ADDED.replace('body', `b${++written}: body`)],
    ['a query', newDocument],
    ['no valid document', () => `{ unknown${++written} }`],
  ])('is free at once for a subscription, which stays live: first %s', async (_, first) => {
    const socket = await openAcknowledged(gateway);
    socket.subscribe('a', ADDED);
    await awaitComment(gateway, socket, 'a');
    socket.send({ id: 'a', type: 'complete' });
    const others = await occupyTurns();
    const before = socket.of('a').length;
    socket.subscribe('a', first());
    socket.send({ id: 'a', type: 'complete' });
    socket.subscribe('a', ADDED);
    for (const other of others) for (let i = 0; i < OTHERS; i++) await other.ended(`${i}`);
    await addComment(gateway, 'For the second');
    const received = () => socket.of('a').slice(before);
    await until('the comment arrives', () => JSON.stringify(received()).includes('For the second'));
    await awaitComment(gateway, socket, 'a');
    expect(
      received().every(({ payload }) => JSON.stringify(payload)?.startsWith('{"data":{"commentAdded":{"body"')),
    ).toBe(true);
    socket.send({ id: 'a', type: 'complete' });
    await until('no log is followed', () => gateway.watched === 0);
    for (const other of others) await other.close();
    await socket.close();
  });
});
