import type { IncomingHttpHeaders } from 'node:http';
import { parseUrl } from '../../schema/content/text/parse-url.ts';

/**
 * Whether the page that sent a request may use the gateway: its origin is in the list, or is the gateway's own. A request
 * without an origin is not sent by a page.
 */
export function isAllowedOrigin(allowed: readonly string[], { origin, host }: IncomingHttpHeaders): boolean {
  if (origin === undefined || allowed.includes('*') || allowed.includes(origin)) return true;
  const url = parseUrl(origin);
  return url !== null && url.host === host;
}
