import type { TestGateway } from './gateway.ts';
import { GRAPHQL_TYPE, get, openStream, post } from './http/requests.ts';
import { openAcknowledged } from './protocol/socket.ts';

/** Sends a document and resolves to the text of the response. */
export type SendDocument = (query: string) => Promise<string>;

/** The ways in which a document can reach the gateway, by name. */
export function everyTransport(gateway: TestGateway, authorization?: string): Record<string, SendDocument> {
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  const single = { ...headers, accept: GRAPHQL_TYPE };

  async function stream(method: 'GET' | 'POST', query: string): Promise<string> {
    const { ended, text } = await openStream(gateway, { query }, { method, headers });
    await ended;
    return text();
  }

  return {
    POST: async (query) => (await post(gateway, { query }, single)).body.toString(),
    GET: async (query) => (await get(gateway, { query }, single)).body.toString(),
    'SSE by POST': (query) => stream('POST', query),
    'SSE by GET': (query) => stream('GET', query),
    async WebSocket(query) {
      const socket = await openAcknowledged(gateway, { headers });
      socket.subscribe('x', query);
      const messages = await socket.ended('x');
      if (socket.closed !== null) throw new Error(`The WebSocket was closed with ${socket.closed}.`);
      await socket.close();
      return JSON.stringify(messages);
    },
  };
}
