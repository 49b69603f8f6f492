import { type Client, createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startGateway, type TestGateway } from './gateway.ts';

let gateway: TestGateway;
let client: Client;

beforeAll(async () => {
  gateway = await startGateway();
  client = createClient({ url: gateway.url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
});

afterAll(async () => {
  await client.dispose();
  await gateway.stop();
});

describe('a socket', () => {
  const overSocket = (query: string, operationName?: string): Promise<unknown> =>
    new Promise((resolve) => {
      client.subscribe(
        { query, ...(operationName && { operationName }) },
        { next: resolve, error: (errors) => resolve({ errors }), complete: () => {} },
      );
    });

  it('runs the operation that is named, mutations too, and says of a document that it cannot be read as POST does', async () => {
    const document =
      'query A { viewer { role } } mutation B { react(input: { commentId: "", kind: LIKE }) { __typename } }';
    expect(await overSocket(document, 'A')).toEqual({ data: { viewer: null } });
    expect(await overSocket(document, 'B')).toEqual({ data: { react: { __typename: 'ForbiddenError' } } });
    const { errors } = await gateway.ask('{ viewer');
    expect(await overSocket('{ viewer')).toMatchObject({
      errors: [{ message: errors![0]!.message, extensions: { code: errors![0]!.extensions.code } }],
    });
  });
});
