import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type Handler, sendText } from './handler.ts';

/** Figures in a text format. */
export interface MetricsText {
  contentType: string;
  text(): Promise<string>;
}

/** Where the figures are. */
export const METRICS_PATH = '/metrics';

/** Scrapers at a time: a few Prometheus servers. */
const MAX_CONNECTIONS = 50;

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;
/** Headers by which proxies name their clients, in whatever way they are configured. */
const FORWARDING = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'];

/** Answers with the figures. */
export function createMetricsHandler(metrics: MetricsText): Handler {
  return async (_, response) => {
    const body = await metrics.text();
    response.writeHead(200, { 'content-type': metrics.contentType }).end(body);
  };
}

/** Answers requests of this machine alone: what the figures tell of a site is not for its readers. */
export function onlyFromThisMachine(handler: Handler): Handler {
  return (request, response, requestId) =>
    isFromThisMachine(request)
      ? handler(request, response, requestId)
      : sendText(
          response,
          403,
          'Metrics are served to this machine only; METRICS_PORT serves them on a port of their own.',
        );
}

/** A proxy on this machine connects from it as well, so what it has forwarded does not count. */
function isFromThisMachine({ socket, headers }: IncomingMessage): boolean {
  return LOOPBACK.test(socket.remoteAddress ?? '') && !FORWARDING.some((name) => name in headers);
}

/** A server for the figures alone. It does not listen yet. */
export function createMetricsServer(metrics: MetricsText): Server {
  const handler = createMetricsHandler(metrics);
  const server = createServer((request, response) => {
    if (request.url?.split('?', 1)[0] !== METRICS_PATH)
      return sendText(response, 404, `Metrics are at ${METRICS_PATH}.`);
    (handler(request, response, '') as Promise<void>).catch(() => response.destroy());
  });
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}
