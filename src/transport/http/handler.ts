import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers the requests of one path. */
export type Handler = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void> | void;

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    // The body of a refused request is not read, so the connection cannot be used again.
    ...(status >= 411 && { connection: 'close' }),
  });
  response.end(`${text}\n`);
}
