import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { encodeId } from '../../schema/content/ids.ts';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { ADD_COMMENT, COMMENT_ADDED, commentInput, TITLE } from '../http/requests.ts';
import { write } from '../seed.ts';
import { ADDED, addComment, awaitComment, openAcknowledged } from './socket.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
});

afterAll(() => gateway.stop());

describe('a WebSocket', () => {
  it('gets the errors of a refused operation on its own id, and its other subscriptions go on', async () => {
    const socket = await openAcknowledged(gateway);
    socket.subscribe('live', ADDED);
    await awaitComment(gateway, socket, 'live');
    const refused: [id: string, query: string, more?: object][] = [
      ['syntax', '{'],
      ['empty', ''],
      ['field', '{ nothing }'],
      ['field of a subscription', 'subscription { nothing }'],
      ['variable', TITLE],
      ['variable of a subscription', COMMENT_ADDED],
      ['operation', TITLE, { operationName: 'Other' }],
      ['tokens', `{ ${'a '.repeat(5_001)} }`],
      ['not found', COMMENT_ADDED, { variables: { id: encodeId('Article', 99) } }],
      ['bad input', '{ articles(first: 101) { totalCount } }'],
    ];
    for (const [id, query, more] of refused) socket.subscribe(id, query, more);
    for (const [id] of refused) {
      await until(`${id} is answered`, () => socket.of(id).length > 0);
      const answer = JSON.stringify(socket.of(id)[0]);
      expect(answer, id).toMatch(/"message":/);
      expect(answer, id).not.toMatch(/"http"|INTERNAL_SERVER_ERROR/);
    }
    expect(socket.closed).toBeNull();
    const before = socket.of('live').length;
    await addComment(gateway, 'Still there?');
    await until('the subscription delivers it', () => socket.of('live').length > before);
    expect(JSON.stringify(socket.of('live').at(-1))).toContain('Still there?');
    await socket.close();
    await until('no log is followed', () => gateway.watched === 0);
  });

  it('gets the results of queries and mutations, and of the operation that is named', async () => {
    const socket = await openAcknowledged(gateway);
    socket.subscribe('query', TITLE, { variables: { slug: 'article-1' } });
    socket.subscribe('mutation', ADD_COMMENT, { variables: commentInput('over a WebSocket') });
    socket.subscribe('named', 'query A { a: __typename } query B { b: __typename }', { operationName: 'B' });
    const [query, mutation, named] = await Promise.all(['query', 'mutation', 'named'].map((id) => socket.ended(id)));
    const data = { article: { title: 'Title 1' } };
    expect(query).toEqual([
      { id: 'query', type: 'next', payload: { data } },
      { id: 'query', type: 'complete' },
    ]);
    expect(JSON.stringify(mutation![0])).toContain('"comment":{"id"');
    expect(named![0]).toEqual({ id: 'named', type: 'next', payload: { data: { b: 'Query' } } });
    await socket.close();
  });

  it('is refused at every path but /graphql', async () => {
    for (const path of ['/', '/health', '/graphql/x']) {
      const socket = new WebSocket(new URL(path, gateway.url.replace('http', 'ws')), 'graphql-transport-ws');
      const outcome = await new Promise((resolve) => {
        socket
          .on('unexpected-response', (refused, { statusCode }) => {
            // A listener for it has to end the connection itself.
            refused.destroy();
            resolve(statusCode);
          })
          .on('error', resolve)
          .on('open', () => resolve('open'));
      });
      expect(outcome, path).toBe(404);
    }
  });
});
