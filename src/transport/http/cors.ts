import type { IncomingMessage, ServerResponse } from 'node:http';

/** Headers of every GraphQL client. */
const USUAL_HEADERS = 'authorization, content-type';
/** Headers of a response that a page may read, besides those that the Fetch standard lists. */
const EXPOSED_HEADERS = 'etag, retry-after, x-request-id';
/** Longest list of requested headers in characters: tracing and client libraries add some ten. */
const MAX_REQUESTED = 2_000;
/** RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Lets pages of the allowed origins read the response. Credentials are never allowed: the gateway uses no cookies, so a
 * page could send none that matter.
 */
export function allowOrigin(allowed: readonly string[], request: IncomingMessage, response: ServerResponse): void {
  const origin = allowedOrigin(allowed, request);
  if (origin !== '*') response.setHeader('vary', 'origin');
  if (origin === null) return;
  response.setHeader('access-control-allow-origin', origin);
  // With `*` also without an origin: so the response does not vary by it, and a shared cache may give each page a copy.
  response.setHeader('access-control-expose-headers', EXPOSED_HEADERS);
}

/**
 * Answers the OPTIONS request that a browser sends before a page's request. A page of an allowed origin may send any
 * headers: those of tracing (`traceparent`, `sentry-trace`) and of client libraries (`apollographql-client-name`) are
 * many, and the gateway ignores what it does not know.
 */
export function answerPreflight(allowed: readonly string[], request: IncomingMessage, response: ServerResponse): void {
  const origin = allowedOrigin(allowed, request);
  const requested = request.headers['access-control-request-headers'];
  // `*` would not include `authorization` (Fetch, 4.9), so the names are repeated.
  const headers = (origin !== null && readHeaderNames(requested)?.join(', ')) || USUAL_HEADERS;
  response.writeHead(204, {
    vary: `${origin === '*' ? '' : 'origin, '}access-control-request-headers`,
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': headers,
    'access-control-max-age': '86400',
  });
  response.end();
}

/** The origin that may read the response, `*` for all; null when the one of the request may not. */
function allowedOrigin(allowed: readonly string[], { headers: { origin } }: IncomingMessage): string | null {
  if (allowed.includes('*')) return '*';
  return origin !== undefined && allowed.includes(origin) ? origin : null;
}

/** @returns null for a list that is too long or has anything but names */
function readHeaderNames(list: string | undefined): string[] | null {
  if (list === undefined || list.length > MAX_REQUESTED) return null;
  const names = list.split(',').map((name) => name.trim().toLowerCase());
  const given = names.filter((name) => name !== '');
  return given.every((name) => TOKEN.test(name)) ? given : null;
}
