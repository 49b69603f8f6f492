import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { exampleTabs } from './examples.ts';

/**
 * The page for people with a browser. It holds all of GraphiQL, 9 MB, so it is compressed once, when first asked for,
 * and browsers keep it as long as its tag is the same.
 */
export function createGraphiQL(): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  let made: Promise<{ page: Buffer; tag: string }> | undefined;

  async function make(): Promise<{ page: Buffer; tag: string }> {
    const html = renderGraphiQL({
      title: 'Broadsheet',
      defaultTabs: exampleTabs,
      subscriptionsProtocol: 'WS',
      shouldPersistHeaders: false,
    });
    const tag = createHash('sha256').update(html).digest('base64url').slice(0, 16);
    return { page: await promisify(gzip)(html, { level: 9 }), tag: `"${tag}"` };
  }

  return async (request, response) => {
    made ??= make();
    const { page, tag } = await made;
    response.setHeader('etag', tag);
    response.setHeader('cache-control', 'no-cache');
    response.setHeader('vary', 'accept, accept-encoding');
    if (request.headers['if-none-match'] === tag) {
      response.writeHead(304).end();
      return;
    }
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-encoding': 'gzip',
      'content-length': page.length,
    });
    response.end(request.method === 'HEAD' ? undefined : page);
  };
}
