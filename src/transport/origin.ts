import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a page of the request's origin may use the gateway: one that is listed, or one of the gateway's own. What
 * comes from no page names no origin.
 */
export function isAllowedOrigin(origins: readonly string[], { origin, host }: IncomingHttpHeaders): boolean {
  if (origin === undefined || origins.includes('*') || origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
