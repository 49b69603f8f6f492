import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { allowOrigin, answerPreflight } from './cors.ts';
import { matchesTag, tagHash } from './entity-tag.ts';
import type { Handler } from './handler.ts';
import { JSON_TYPE } from './media-types.ts';
import { sendRefusal } from './result-response.ts';

/** Serves the SDL of the schema, as it is in schema/schema.graphql. */
export function createSchemaFile(schema: GraphQLSchema, origins: readonly string[]): Handler {
  let file: { body: string; etag: string } | null = null;

  function read(): { body: string; etag: string } {
    if (file === null) {
      const body = `${printSchema(lexicographicSortSchema(schema))}\n`;
      file = { body, etag: `"${tagHash(body)}"` };
    }
    return file;
  }

  return (request, response) => {
    allowOrigin(origins, request, response);
    const { method, headers } = request;
    if (method === 'OPTIONS') return answerPreflight(origins, request, response);
    if (method !== 'GET' && method !== 'HEAD') {
      const allow = { allow: 'GET, HEAD' };
      return sendRefusal(response, JSON_TYPE, { status: 405, message: 'Send a GET.', headers: allow });
    }
    const { body, etag } = read();
    response.setHeader('etag', etag);
    response.setHeader('cache-control', 'no-cache');
    response.setHeader('access-control-expose-headers', 'etag');
    if (matchesTag(etag, headers['if-none-match'])) return void response.writeHead(304).end();
    response.writeHead(200, {
      'content-type': 'application/graphql; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    });
    response.end(method === 'HEAD' ? undefined : body);
  };
}
