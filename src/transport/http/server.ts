import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { ANONYMOUS, type Identify } from '../../auth/index.ts';
import type { Config } from '../../config.ts';
import type { OperationPipeline } from '../../execution/index.ts';
import type { Logger } from '../../logger.ts';
import type { Admission } from '../admission.ts';
import type { ConnectionLimiter } from '../connection-limiter.ts';
import type { Refusal } from '../refusal.ts';
import { refuseConnection } from '../refusal-response.ts';
import { readRequestId } from '../request-id.ts';
import { answerClientErrors } from './client-errors.ts';
import { createFeeds, type FeedsOptions } from './feeds/feeds.ts';
import type { StaticFile } from './files.ts';
import { findExampleArticle } from './graphiql/examples.ts';
import { createGraphiQL } from './graphiql/page.ts';
import { trustedDocumentsPage } from './graphiql/trusted-documents-page.ts';
import { createGraphQLEndpoint } from './graphql-endpoint.ts';
import type { Handler } from './handler.ts';
import { createReadiness, type HealthOptions, health } from './health.ts';
import { createMediaHandler, type MediaOptions } from './media/media-handler.ts';
import { JSON_TYPE } from './media-types.ts';
import { createMetricsHandler, type MetricsText, onlyFromThisMachine } from './metrics-endpoint.ts';
import { OpenRequests } from './open-requests.ts';
import { OpenStreams } from './open-streams.ts';
import { refuseRequest } from './request-checks.ts';
import { RequestOrder } from './request-order.ts';
import { sendRefusal } from './result-response.ts';
import type { ReuseOptions } from './reused-response.ts';
import { createRouter } from './routes.ts';
import { createSchemaFile } from './schema-file.ts';
import { handleUpgrades, type UpgradeHandler } from './upgrades.ts';

type Timeouts = Pick<Config, 'keepAliveTimeout' | 'headersTimeout' | 'bodyTimeout'>;

export interface HttpOptions {
  config: Pick<Config, 'graphiql' | 'corsOrigins' | 'trustedDocumentsOnly'> & Timeouts;
  schema: GraphQLSchema;
  log: Logger;
  identify: Identify;
  pipeline: OperationPipeline;
  /** Null when responses are not kept. */
  reuse: ReuseOptions | null;
  connections: ConnectionLimiter;
  admission: Admission;
  /** Milliseconds between heartbeats of streams. */
  heartbeatInterval: number;
  readiness: HealthOptions['readiness'];
  /** Null when they are served elsewhere, or turned off. */
  metrics: MetricsText | null;
  feeds: Pick<FeedsOptions, 'dbFor' | 'publicUrl' | 'mediaUrl' | 'cacheControl'>;
  media: Pick<MediaOptions, 'pictures' | 'consume' | 'record' | 'mediaUrl'>;
  /** Files by path. */
  files: ReadonlyMap<string, () => Promise<StaticFile>>;
}

export interface HttpServer {
  /** Not listening yet. */
  server: Server;
  readonly streamCount: number;
  /** Receives requests for a WebSocket, which are refused until then. */
  onWebSocket(handler: UpgradeHandler): void;
  /** Is not ready any more, and has each connection closed by its next response. Requests are still answered. */
  drain(): void;
  /** Accepts no new connections, ends streams so that their clients connect elsewhere, and lets requests finish. */
  close(): Promise<void>;
}

interface FailedRequest {
  request: IncomingMessage;
  response: ServerResponse;
  requestId: string;
}

/** Milliseconds in which running requests may finish when the gateway stops. */
const STOP_WITHIN = 6_000;
/** Milliseconds between looks for connections that have become idle since the stop. */
const IDLE_CHECK_INTERVAL = 20;
/** Milliseconds between checks whether headers and bodies have taken too long. */
const DEADLINE_CHECK_INTERVAL = 5_000;

const SLOW_BODY: Refusal = {
  status: 408,
  message: 'The body arrives too slowly.',
  headers: { connection: 'close' },
};

export function createHttpServer({ config, ...options }: HttpOptions): HttpServer {
  const streams = new OpenStreams(options.connections, options.heartbeatInterval);
  let isStopping = false;
  const route = createRoute({ config, ...options }, { streams, isStopping: () => isStopping });
  const order = new RequestOrder();
  const open = new OpenRequests((_, response) => sendRefusal(response, JSON_TYPE, SLOW_BODY));
  options.admission.onPressure = () => open.dropStalled();

  function receive(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    response.setHeader('x-content-type-options', 'nosniff');
    if (isStopping) response.shouldKeepAlive = false;
    const isAccepted = order.add(socket, () => {
      if (socket.destroyed) return;
      const forget = open.add(response);
      response.on('close', () => {
        forget();
        order.finish(socket);
      });
      answer(request, response, { route, log: options.log });
    });
    if (!isAccepted) refuseWaiting(response);
  }

  const server = createServer(timeouts(config));
  server.on('request', receive).on('checkContinue', receive).on('checkExpectation', receive);
  answerClientErrors(server);
  let onWebSocket: UpgradeHandler = refuseWebSocket;
  handleUpgrades(server, order, (...upgrade) => onWebSocket(...upgrade));

  return {
    server,
    get streamCount() {
      return streams.size;
    },
    onWebSocket(handler) {
      onWebSocket = handler;
    },
    drain() {
      isStopping = true;
    },
    async close() {
      isStopping = true;
      streams.restartAll();
      await closeServer(server);
      open.close();
    },
  };
}

function refuseWaiting(response: ServerResponse): void {
  response.shouldKeepAlive = false;
  sendRefusal(response, JSON_TYPE, { status: 429, message: 'Too many requests wait on this connection.' });
}

const refuseWebSocket: UpgradeHandler = (_, socket) =>
  refuseConnection(socket, { status: 503, message: 'The gateway is starting or stopping.' });

function timeouts({ keepAliveTimeout, headersTimeout, bodyTimeout }: Timeouts): ServerOptions {
  return {
    keepAliveTimeout,
    headersTimeout,
    requestTimeout: bodyTimeout,
    connectionsCheckingInterval: Math.min(DEADLINE_CHECK_INTERVAL, headersTimeout),
    // Checked by `refuseRequest`, which also refuses two.
    requireHostHeader: false,
  };
}

function createRoute(
  { config, identify, pipeline, admission, ...options }: HttpOptions,
  { streams, isStopping }: { streams: OpenStreams; isStopping(): boolean },
): Handler {
  return createRouter({
    graphql: createGraphQLEndpoint({
      pipeline,
      identify,
      streams,
      admission,
      reuse: options.reuse,
      origins: config.corsOrigins,
      graphiql: createPage(config, pipeline),
    }),
    health,
    readiness: createReadiness({ readiness: options.readiness, isStopping }),
    metrics: options.metrics && onlyFromThisMachine(createMetricsHandler(options.metrics)),
    schemaFile: hasGraphiQL(config) ? createSchemaFile(options.schema, config.corsOrigins) : null,
    feeds: createFeeds({
      ...options.feeds,
      admission,
      charge: (points, address, requestId) =>
        pipeline.charge(points, { identity: { ...ANONYMOUS, address }, requestId }),
    }),
    media: createMediaHandler({
      ...{ ...options.media, log: options.log },
      ...{ identify, pipeline, admission, origins: config.corsOrigins },
    }),
    files: options.files,
  });
}

/** Answers browsers that open the endpoint; null while GraphiQL is turned off. */
function createPage(config: HttpOptions['config'], pipeline: OperationPipeline): Handler | null {
  if (!config.graphiql) return null;
  // Each document that somebody writes in GraphiQL, and its own introspection, would be refused.
  return hasGraphiQL(config) ? createGraphiQL(() => findExampleArticle(pipeline)) : trustedDocumentsPage;
}

function hasGraphiQL({ graphiql, trustedDocumentsOnly }: HttpOptions['config']): boolean {
  return graphiql && !trustedDocumentsOnly;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { route, log }: { route: Handler; log: Logger },
): void {
  const requestId = readRequestId(request);
  response.setHeader('x-request-id', requestId);
  const refusal = refuseRequest(request);
  if (refusal) {
    sendRefusal(response, JSON_TYPE, refusal);
    return;
  }
  const onError = (error: unknown): void => fail(error, log, { request, response, requestId });
  try {
    route(request, response, requestId)?.catch(onError);
  } catch (error) {
    onError(error);
  }
}

function fail(error: unknown, log: Logger, { request, response, requestId }: FailedRequest): void {
  // The client disconnected before the whole request had arrived.
  if (request.destroyed && !request.complete) return;
  log.error('A request could not be answered', { requestId, err: error });
  if (response.headersSent) response.destroy();
  else
    sendRefusal(response, JSON_TYPE, { status: 500, message: `An internal error occurred; the log has ${requestId}.` });
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  // A connection that has answered its request stays open for the next one, which is no longer accepted.
  const closingIdle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_INTERVAL);
  const closingAll = setTimeout(() => server.closeAllConnections(), STOP_WITHIN);
  await closed;
  clearInterval(closingIdle);
  clearTimeout(closingAll);
}
