import type { IncomingMessage, ServerResponse } from 'node:http';

export interface StaticFile {
  /** The media type. */
  type: string;
  body: string | Buffer;
}

/** Seconds for which browsers use a file without asking again. */
const MAX_AGE = 86_400;

export function sendFile({ method }: IncomingMessage, response: ServerResponse, { type, body }: StaticFile): void {
  response.writeHead(200, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': `public, max-age=${MAX_AGE}`,
    // An SVG that is opened by itself could run scripts.
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'access-control-allow-origin': '*',
  });
  response.end(method === 'HEAD' ? undefined : body);
}
