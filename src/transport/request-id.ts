import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { readTraceParent } from './trace-parent.ts';

/** A UUID, a trace id and the like. It is written to the log, so its length and characters are bounded. */
const ACCEPTED = /^[A-Za-z0-9._:+/=-]{1,128}$/;

/**
 * The id that the log lines of a request have, and its response: its `x-request-id`, as proxies set it, or else the trace id of its
 * `traceparent`, or else a new one.
 */
export function readRequestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  if (typeof given === 'string' && ACCEPTED.test(given)) return given;
  return readTraceParent(headers.traceparent)?.traceId ?? randomUUID();
}
