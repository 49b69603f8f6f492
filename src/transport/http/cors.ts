import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Lets pages of the allowed origins read the response. Credentials are never allowed: the gateway uses no cookies, so a
 * page could send none that matter.
 */
export function allowOrigin(
  allowed: readonly string[],
  { headers: { origin } }: IncomingMessage,
  response: ServerResponse,
): void {
  if (allowed.includes('*')) {
    response.setHeader('access-control-allow-origin', '*');
  } else {
    response.setHeader('vary', 'origin');
    if (origin && allowed.includes(origin)) response.setHeader('access-control-allow-origin', origin);
  }
}

/** Answers the OPTIONS request that a browser sends before a page's POST. */
export function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'authorization, content-type',
    'access-control-max-age': '86400',
  });
  response.end();
}
