import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { handleProtocols } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { Config } from '../../config.ts';
import type { ConnectionLimiter } from '../connection-limiter.ts';
import { isAllowedOrigin } from '../origin.ts';
import { attachProtocol } from './attach-protocol.ts';
import { SocketConnection } from './connection.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createProtocol, type ProtocolOptions } from './protocol.ts';

/** Largest message in bytes: a comment with all that belongs to it. Articles are sent by POST. */
const MAX_MESSAGE = 65_536;
/** Milliseconds in which a client may read why it was closed; a slow one has much to read before that. */
const CLOSE_WITHIN = 120_000;
/** Milliseconds in which running operations may finish when the gateway stops, and again for clients to close. */
const STOP_WITHIN = 2_500;

export interface WebSocketOptions extends ProtocolOptions {
  server: Server;
  path: string;
  config: Pick<Config, 'corsOrigins'>;
  connections: ConnectionLimiter;
}

export interface WebSocketEndpoint {
  /** The number of open WebSockets. */
  readonly size: number;
  /** Refuses new WebSockets, lets running operations finish, then closes all. */
  close(): Promise<void>;
}

/** Serves graphql-transport-ws on the HTTP server's upgrade requests. */
export function serveWebSockets({
  server,
  path,
  config,
  connections,
  ...options
}: WebSocketOptions): WebSocketEndpoint {
  const protocol = createProtocol(options);
  const open = new Set<SocketConnection>();
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_MESSAGE,
    handleProtocols,
    // Missing in its types.
    ...{ closeTimeout: CLOSE_WITHIN },
  });
  const stopHeartbeat = startHeartbeat(open);
  let isStopping = false;

  /** The status with which an upgrade is refused; null for one that is accepted. */
  function refusalStatus({ url, headers }: IncomingMessage): number | null {
    if (isStopping) return 503;
    if (url!.split('?', 1)[0] !== path) return 404;
    return isAllowedOrigin(config.corsOrigins, headers) ? null : 403;
  }

  function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const status = refusalStatus(request);
    const release = status === null ? connections.acquire(request) : null;
    if (!release) {
      refuse(stream, status ?? 429);
      return;
    }
    stream.once('close', release);
    webSockets.handleUpgrade(request, stream, head, (socket) => {
      const connection = new SocketConnection(socket, request);
      open.add(connection);
      socket.once('close', () => open.delete(connection));
      attachProtocol(protocol, connection, options.log);
    });
  }
  server.on('upgrade', upgrade);

  return {
    get size() {
      return open.size;
    },
    async close() {
      isStopping = true;
      stopHeartbeat();
      await closeAll(open);
      server.off('upgrade', upgrade);
    },
  };
}

async function closeAll(open: ReadonlySet<SocketConnection>): Promise<void> {
  await waitUntil(() => ![...open].some(({ runningOperations }) => runningOperations > 0));
  for (const connection of open) connection.close('restart', 'The gateway is stopping');
  await waitUntil(() => open.size === 0);
  for (const { socket } of open) socket.terminate();
  await waitUntil(() => open.size === 0);
}

async function waitUntil(isDone: () => boolean): Promise<void> {
  for (const end = Date.now() + STOP_WITHIN; !isDone() && Date.now() < end; ) await delay(10);
}

function refuse(stream: Duplex, status: number): void {
  stream.on('error', () => {});
  stream.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () =>
    stream.destroy(),
  );
}
