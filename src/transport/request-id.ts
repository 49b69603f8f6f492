import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A UUID, a trace id and the like. It is written to the log, so its length and characters are bounded. */
const ACCEPTED = /^[A-Za-z0-9._:+/=-]{1,128}$/;

/** W3C Trace Context: version, trace id, parent id and flags. A version may add more; ids of zeros are not valid. */
const TRACE_PARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?$/;

/**
 * The id that the log lines of a request have, and its response: its `x-request-id`, as proxies set it, or else the trace id of its
 * `traceparent`, or else a new one.
 */
export function readRequestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  if (typeof given === 'string' && ACCEPTED.test(given)) return given;
  const parent = headers.traceparent;
  return (typeof parent === 'string' && TRACE_PARENT.exec(parent)?.[1]) || randomUUID();
}
