import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A UUID, a trace id and the like. It is written to the log, so its length and characters are bounded. */
const ACCEPTED = /^[A-Za-z0-9._:+/=-]{1,128}$/;

/** The id that the log lines of a request have: its `x-request-id`, as proxies set it, or a new one. */
export function readRequestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && ACCEPTED.test(given) ? given : randomUUID();
}
