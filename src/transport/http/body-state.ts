import type { IncomingMessage } from 'node:http';

/** Largest body of a request in bytes, before and after decoding: the longest article, with what encoding it as JSON adds. */
export const MAX_BODY = 1_000_000;

/** Whether the client waits for `100 Continue` before it sends the body. */
export function awaitsContinue({ headers: { expect } }: IncomingMessage): boolean {
  return expect !== undefined && /^100-continue$/i.test(expect);
}

/** The body has not arrived completely. */
export function isBodyPending({ complete, headers }: IncomingMessage): boolean {
  return !complete && (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0);
}
