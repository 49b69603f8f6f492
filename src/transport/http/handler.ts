import type { IncomingMessage, ServerResponse } from 'node:http';
import { endResponse } from './end-response.ts';

/** Answers the requests of one path. */
export type Handler = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void> | void;

export function sendText(response: ServerResponse, status: number, text: string): void {
  endResponse(response, { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `${text}\n` });
}
