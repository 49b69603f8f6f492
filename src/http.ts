import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { Context } from '../schema/context.ts';
import { type Asker, type Identify, NOBODY } from './auth/asker.ts';
import { atExpiry } from './auth/expiry.ts';
import type { Config } from './config.ts';
import { useDocuments } from './http/documents.ts';
import { createErrorMask } from './http/errors.ts';
import { findExample } from './http/examples.ts';
import { useExecutor } from './http/executor.ts';
import { createGraphiQL } from './http/graphiql.ts';
import type { Operations } from './http/operations.ts';
import { answerPost, isPlainPost, MAX_BODY, refuseRequest } from './http/post.ts';
import { useRefusals } from './http/refusals.ts';
import type { Log } from './log.ts';

export const GRAPHQL_PATH = '/graphql';

export interface HttpOptions {
  schema: GraphQLSchema;
  config: Pick<Config, 'graphiql' | 'corsOrigins'>;
  log: Log;
  /** Tells who asks. */
  identify: Identify;
  /** Makes what one operation needs. */
  context(asker: Asker): Context;
  /** The database answers. */
  isReady(): Promise<boolean>;
  /** Files served as they are, by path. */
  files: ReadonlyMap<string, { type: string; body: string | Buffer }>;
}

export interface Http {
  server: Server;
  operations: Operations;
}

/** The HTTP server, not listening yet. */
export function createHttp({ schema, config, log, identify, context, isReady, files }: HttpOptions): Http {
  // A request's life, in order. Everything that decides hooks into parse, validate, context and execute, which every
  // transport runs.
  const plugins: Plugin[] = [
    // Size and syntax come first: what is too large is not read, and what was read is not read again.
    useDocuments(schema),
    // Execution: compiled for documents that keep coming back, equal subscriptions together, a context for each event.
    useExecutor(),
    // What was refused before it was executed says so alike over every transport.
    useRefusals(),
  ];
  const mask = createErrorMask(log);
  const yoga = createYoga<{ asker: Asker }, Context>({
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
    maskedErrors: { maskError: mask },
  });
  const operations = yoga.getEnveloped as unknown as Operations;
  const graphiql = config.graphiql
    ? createGraphiQL(() => findExample({ schema, contextValue: context(NOBODY) }))
    : null;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url!.split('?', 1)[0]!;
    if (path === GRAPHQL_PATH) return answerGraphQL(request, response);
    if (path === '/health') return say(response, 200, 'alive');
    if (path === '/ready')
      return (await isReady()) ? say(response, 200, 'ready') : say(response, 503, 'the database does not answer');
    const file = files.get(path);
    if (file && (request.method === 'GET' || request.method === 'HEAD')) return sendFile(request, response, file);
    if (path === '/') {
      response.writeHead(302, { location: GRAPHQL_PATH }).end();
      return;
    }
    say(response, 404, 'nothing here; the graph is at /graphql');
  }

  async function answerGraphQL(request: IncomingMessage, response: ServerResponse): Promise<void> {
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
    let asker: Asker;
    try {
      asker = await identify(request.headers.authorization, request);
    } catch (error) {
      return refuseRequest(mask(error), request, response);
    }
    if (isPlainPost(request)) return answerPost({ operations, mask, asker }, request, response);
    if (request.method === 'POST') {
      // Yoga reads a body to its end, so it is given none of unknown length.
      const length = request.headers['content-length'];
      if (length === undefined) return say(response, 411, 'send a content-length');
      if (Number(length) > MAX_BODY) return say(response, 413, `the body has more than ${MAX_BODY} bytes`);
    }
    // A stream lasts as long as what its reader showed to be let in.
    response.once(
      'close',
      atExpiry(asker.expiresAt, () => response.destroy()),
    );
    await yoga(request, response, { asker });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      log.error('A request could not be answered', error);
      if (response.headersSent) response.destroy();
      else say(response, 500, 'something went wrong here');
    });
  });
  return { server, operations };
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
