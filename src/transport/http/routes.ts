import type { Feeds } from './feeds/feeds.ts';
import { type StaticFile, sendFile } from './files.ts';
import { type Handler, sendText } from './handler.ts';
import type { MediaHandler } from './media/media-handler.ts';
import { acceptedTypes } from './media-types.ts';
import { METRICS_PATH } from './metrics-endpoint.ts';
import { sendRefusal } from './result-response.ts';

export const GRAPHQL_PATH = '/graphql';

export interface RouteOptions {
  graphql: Handler;
  readiness: Handler;
  health: Handler;
  /** Null for none. */
  metrics: Handler | null;
  /** Null for none. */
  schemaFile: Handler | null;
  feeds: Feeds;
  media: MediaHandler;
  files: ReadonlyMap<string, () => Promise<StaticFile>>;
}

/** Chooses the handler of a request by its path. */
export function createRouter({
  graphql,
  health,
  readiness,
  metrics,
  schemaFile,
  feeds,
  media,
  files,
}: RouteOptions): Handler {
  const handlers = new Map<string, Handler>([
    [GRAPHQL_PATH, graphql],
    ['/health', health],
    ['/ready', readiness],
    ...(metrics ? [[METRICS_PATH, metrics] as const] : []),
    ...(schemaFile ? [['/schema.graphql', schemaFile] as const] : []),
    ['/', (_, response) => void response.writeHead(302, { location: GRAPHQL_PATH }).end()],
  ]);
  return (request, response, requestId) => {
    const path = request.url!.split('?', 1)[0]!;
    const handler = handlers.get(path) ?? feeds.handlerOf(path) ?? media(path);
    if (handler) return handler(request, response, requestId);
    const file = files.get(path);
    if (file && (request.method === 'GET' || request.method === 'HEAD'))
      return file().then((content) => sendFile(request, response, content));
    const message = `There is nothing at this path; the GraphQL endpoint is ${GRAPHQL_PATH}.`;
    const { accept, 'content-type': sent } = request.headers;
    // A GraphQL client that has the wrong address, also one that accepts anything.
    const type = `${accept} ${sent}`.includes('json') ? acceptedTypes(accept).single : null;
    if (type) sendRefusal(response, type, { status: 404, message });
    else sendText(response, 404, message);
  };
}
