import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Identify } from '../../auth/index.ts';
import type { Config } from '../../config.ts';
import type { OperationPipeline } from '../../execution/index.ts';
import type { Logger } from '../../logger.ts';
import type { ConnectionLimiter } from '../connection-limiter.ts';
import { readRequestId } from '../request-id.ts';
import type { StaticFile } from './files.ts';
import { findExampleArticle } from './graphiql/examples.ts';
import { createGraphiQL } from './graphiql/page.ts';
import { createGraphQLEndpoint } from './graphql-endpoint.ts';
import { sendText } from './handler.ts';
import { createMetricsHandler, createReadiness, type HealthOptions, health, type MetricsText } from './health.ts';
import { OpenStreams } from './open-streams.ts';
import { createRouter } from './routes.ts';

export interface HttpOptions {
  config: Pick<Config, 'graphiql' | 'corsOrigins'>;
  log: Logger;
  identify: Identify;
  pipeline: OperationPipeline;
  connections: ConnectionLimiter;
  readiness: HealthOptions['readiness'];
  /** Called for each request of the metrics. */
  metrics(): MetricsText;
  /** Files by path. */
  files: ReadonlyMap<string, StaticFile>;
}

export interface HttpServer {
  /** Not listening yet. */
  server: Server;
  readonly streamCount: number;
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

export function createHttpServer({ config, log, identify, pipeline, ...options }: HttpOptions): HttpServer {
  const streams = new OpenStreams(options.connections);
  const graphiql = config.graphiql ? createGraphiQL(() => findExampleArticle(pipeline)) : null;
  let isStopping = false;
  const route = createRouter({
    graphql: createGraphQLEndpoint({ pipeline, identify, streams, origins: config.corsOrigins, graphiql }),
    health,
    readiness: createReadiness({ readiness: options.readiness, isStopping: () => isStopping }),
    metrics: createMetricsHandler(options.metrics),
    files: options.files,
  });

  function fail(error: unknown, { request, response, requestId }: FailedRequest): void {
    // The client disconnected before the whole request had arrived.
    if (request.destroyed && !request.complete) return;
    log.error('A request could not be answered', { requestId, err: error });
    if (response.headersSent) response.destroy();
    else sendText(response, 500, 'an internal error occurred');
  }

  const server = createServer((request, response) => {
    const requestId = readRequestId(request);
    try {
      route(request, response, requestId)?.catch((error) => fail(error, { request, response, requestId }));
    } catch (error) {
      fail(error, { request, response, requestId });
    }
  });
  return {
    server,
    get streamCount() {
      return streams.size;
    },
    close() {
      isStopping = true;
      streams.restartAll();
      return closeServer(server);
    },
  };
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
