import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { Context } from '../../../schema/content/context.ts';
import { ANONYMOUS, type Identify, onExpiry, type RequestIdentity } from '../../auth/index.ts';
import type { Config } from '../../config.ts';
import { useDocuments } from '../../execution/documents.ts';
import { createErrorMask, useErrorMask } from '../../execution/errors.ts';
import { type ExecutorOptions, useExecutor } from '../../execution/executor.ts';
import type { OperationPipeline, OperationSource } from '../../execution/operations.ts';
import { Subscriptions } from '../../execution/subscriptions.ts';
import type { Logger } from '../../logger.ts';
import type { Metrics } from '../../metrics.ts';
import type { ConnectionLimiter } from '../connections.ts';
import { readRequestId } from '../request-id.ts';
import { answerOperation, refuseRequest } from './answer.ts';
import { createGraphiQL } from './graphiql.ts';
import { findExample } from './graphiql-examples.ts';
import type { ResultStream } from './result-stream.ts';

export const GRAPHQL_PATH = '/graphql';

export interface HttpOptions {
  schema: GraphQLSchema;
  config: Pick<Config, 'graphiql' | 'corsOrigins'>;
  log: Logger;
  /** Tells who asks. */
  identify: Identify;
  /** Makes what one operation needs. */
  context(asker: RequestIdentity): Context;
  /** Runs work that reads, all of it as the database is at one moment. */
  snapshot: ExecutorOptions['snapshot'];
  /** Counts the streams that stay open. */
  connections: ConnectionLimiter;
  /** Whether requests can be answered now, with a word on what it rests on. */
  readiness(): Promise<{ isReady: boolean; words: string }>;
  /** Called when somebody asks for them. */
  metrics(): Metrics;
  /** Files served as they are, by path. */
  files: ReadonlyMap<string, { type: string; body: string | Buffer }>;
}

export interface Http {
  server: Server;
  operations: OperationPipeline;
  subscriptions: Subscriptions;
  /** Event streams and multipart bodies that are open. */
  readonly streams: number;
  /** Takes no new connections, ends streams so that their clients come back elsewhere, and lets requests be answered. */
  close(): Promise<void>;
}

/** Milliseconds that running requests may take to end when the gateway stops. */
const STOP_WITHIN = 6_000;

/** The HTTP server, not listening yet. */
export function createHttp({
  schema,
  config,
  log,
  identify,
  context,
  snapshot,
  connections,
  readiness,
  metrics,
  files,
}: HttpOptions): Http {
  const mask = createErrorMask(log);
  const subscriptions = new Subscriptions({ mask, log });
  // A request's life, in order. Everything that decides hooks into parse, validate, context and execute, which every
  // transport runs.
  const plugins: Plugin[] = [
    // Size and syntax come first: what is too large is not read, and what was read is not read again.
    useDocuments(schema),
    // Execution: compiled for documents that keep coming back, equal subscriptions together, a context for each event.
    useExecutor({ subscriptions, snapshot }),
    // Errors last: whatever went wrong before, a client receives nothing of its cause.
    useErrorMask(mask),
  ];
  const yoga = createYoga<OperationSource, Context>({
    schema,
    plugins,
    context: ({ asker }) => context(asker),
    graphqlEndpoint: GRAPHQL_PATH,
    logging: false,
    landingPage: false,
    // The page below is made once and compressed.
    graphiql: false,
    // Set below, for every transport over HTTP.
    cors: false,
    multipart: false,
    parserAndValidationCache: false,
    maskedErrors: false,
  });
  const operations = yoga.getEnveloped as unknown as OperationPipeline;
  const streams = new Set<ResultStream>();
  let isStopping = false;
  const graphiql = config.graphiql
    ? createGraphiQL(() => findExample({ schema, contextValue: context(ANONYMOUS) }))
    : null;

  async function answer(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
    const path = request.url!.split('?', 1)[0]!;
    if (path === GRAPHQL_PATH) return answerGraphQL(request, response, requestId);
    if (path === '/health') return say(response, 200, 'alive');
    if (path === '/ready') {
      const { isReady, words } = isStopping ? { isReady: false, words: 'the gateway stops' } : await readiness();
      return say(response, isReady ? 200 : 503, words);
    }
    if (path === '/metrics') {
      response.writeHead(200, { 'content-type': metrics().contentType });
      response.end(await metrics().text());
      return;
    }
    const file = files.get(path);
    if (file && (request.method === 'GET' || request.method === 'HEAD')) return sendFile(request, response, file);
    if (path === '/') {
      response.writeHead(302, { location: GRAPHQL_PATH }).end();
      return;
    }
    say(response, 404, 'nothing here; the graph is at /graphql');
  }

  async function answerGraphQL(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
    allowOrigin(config.corsOrigins, request, response);
    if (request.method === 'OPTIONS') {
      response.writeHead(204, {
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'authorization, content-type',
        'access-control-max-age': '86400',
      });
      response.end();
      return;
    }
    if (graphiql && isForBrowser(request)) return graphiql(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD' && request.method !== 'POST') {
      response.setHeader('allow', 'GET, POST');
      return say(response, 405, 'send a POST, or a GET for a query');
    }
    // Forms and plain text are what any page may send anywhere without asking; JSON is asked for first.
    if (request.method === 'POST' && !/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
      return say(response, 415, 'send application/json');
    let asker: RequestIdentity;
    try {
      asker = await identify(request.headers.authorization, request, requestId);
    } catch (error) {
      return refuseRequest(mask(error, requestId), request, response);
    }
    // They did not wait to be known.
    if (response.destroyed) return;
    // A stream lasts as long as what its reader showed to be let in.
    const forgetExpiry = onExpiry(asker.expiresAt, () => response.destroy());
    response.once('close', forgetExpiry);
    await answerOperation({ operations, mask, source: { asker, requestId }, connections, streams }, request, response);
  }

  const server = createServer((request, response) => {
    const requestId = readRequestId(request);
    answer(request, response, requestId).catch((error) => {
      // Whoever asked went before all of it had arrived.
      if (request.destroyed && !request.complete) return;
      log.error('A request could not be answered', { requestId, err: error });
      if (response.headersSent) response.destroy();
      else say(response, 500, 'something went wrong here');
    });
  });
  return {
    server,
    operations,
    subscriptions,
    get streams() {
      return streams.size;
    },
    async close() {
      isStopping = true;
      const closed = new Promise((resolve) => server.close(resolve));
      for (const stream of streams) stream.end('restart');
      // A connection whose request has been answered is kept for the next one, which is not taken any more.
      const closing = setInterval(() => server.closeIdleConnections(), 20);
      const late = setTimeout(() => server.closeAllConnections(), STOP_WITHIN);
      await closed;
      clearInterval(closing);
      clearTimeout(late);
    },
  };
}

/** A browser that goes to the address, also with the query that GraphiQL writes into it. */
function isForBrowser({ method, headers }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && (headers.accept ?? '').includes('text/html');
}

/** Lets pages of the allowed origins read the answer. There are no cookies to ride on, so credentials are never allowed. */
function allowOrigin(
  origins: readonly string[],
  { headers: { origin } }: IncomingMessage,
  response: ServerResponse,
): void {
  if (origins.includes('*')) {
    response.setHeader('access-control-allow-origin', '*');
  } else {
    response.setHeader('vary', 'origin');
    if (origin && origins.includes(origin)) response.setHeader('access-control-allow-origin', origin);
  }
}

function say(response: ServerResponse, status: number, text: string): void {
  // A body that was not read is not waited for either.
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    ...(status >= 411 && { connection: 'close' }),
  });
  response.end(`${text}\n`);
}

/** Seconds that browsers keep a file without asking again. */
const FILE_AGE = 86_400;

function sendFile(
  { method }: IncomingMessage,
  response: ServerResponse,
  { type, body }: { type: string; body: string | Buffer },
): void {
  response.writeHead(200, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': `public, max-age=${FILE_AGE}`,
    // A picture can hold scripts when it is opened by itself.
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'access-control-allow-origin': '*',
  });
  response.end(method === 'HEAD' ? undefined : body);
}
