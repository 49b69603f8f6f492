import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type Refusal, refusalJson } from './refusal.ts';

/** Milliseconds in which the client may read the answer while what it still sends is discarded. */
const CLOSE_WITHIN = 2_000;

/** Answers on a connection that Node.js does not handle as a request, and closes it. */
export function refuseConnection(socket: Socket, refusal: Refusal): void {
  socket.end(responseText(refusal));
  socket.resume();
  const closing = setTimeout(() => socket.destroy(), CLOSE_WITHIN).unref();
  socket.once('close', () => clearTimeout(closing));
}

function responseText(refusal: Refusal): string {
  const body = refusalJson(refusal);
  const headers = {
    ...refusal.headers,
    connection: 'close',
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n${lines.join('')}\r\n${body}`;
}
