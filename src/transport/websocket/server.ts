import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import type { Config } from '../../config.ts';
import type { Admission } from '../admission.ts';
import type { ConnectionLimiter } from '../connection-limiter.ts';
import { isAllowedOrigin } from '../origin.ts';
import { overloadRefusal, type Refusal } from '../refusal.ts';
import { refuseConnection } from '../refusal-response.ts';
import { readRequestId } from '../request-id.ts';
import { attachProtocol } from './attach-protocol.ts';
import { SocketConnection } from './connection.ts';
import { FloodControl } from './flood-control.ts';
import { startHeartbeat } from './heartbeat.ts';
import { selectProtocol } from './old-protocol.ts';
import { createProtocol, type ProtocolOptions } from './protocol.ts';

/** Largest message in bytes: a comment with all that belongs to it. Articles are sent by POST. */
const MAX_MESSAGE = 65_536;
/** Fragments or packets that one message may have: each takes memory of its own, however small it is. */
const MAX_PARTS = 2_048;
/** Milliseconds in which a client may read why it was closed; a slow one has much to read before that. */
const CLOSE_WITHIN = 120_000;
/** Milliseconds in which running operations may finish when the gateway stops, and again for clients to close. */
const STOP_WITHIN = 2_500;

/** Some of these options are missing in the types of ws. */
const RECEIVING = {
  // One frame of a WebSocket in each round of the event loop: a flood of small ones delays nobody else.
  allowSynchronousEvents: false,
  closeTimeout: CLOSE_WITHIN,
  maxFragments: MAX_PARTS,
  maxBufferedChunks: MAX_PARTS,
};

export interface WebSocketOptions extends ProtocolOptions {
  path: string;
  config: Pick<Config, 'corsOrigins'>;
  connections: ConnectionLimiter;
  admission: Admission;
  /** Milliseconds between pings. */
  heartbeatInterval: number;
}

export interface WebSocketEndpoint {
  /** The number of open WebSockets. */
  readonly size: number;
  /** Takes over the connection of a request that asks for a WebSocket. */
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void;
  /** Refuses new WebSockets, lets running operations finish, then closes all. */
  close(): Promise<void>;
}

/** Serves graphql-transport-ws on requests for a WebSocket. */
export function serveWebSockets({
  path,
  config,
  connections,
  admission,
  heartbeatInterval,
  ...options
}: WebSocketOptions): WebSocketEndpoint {
  const protocol = createProtocol(options);
  const open = new Set<SocketConnection>();
  const floods = new FloodControl();
  const webSockets = createWebSocketServer();
  const stopHeartbeat = startHeartbeat(open, heartbeatInterval);
  let isStopping = false;

  /** Null for an upgrade that is accepted. */
  function refuse({ url, headers }: IncomingMessage): Refusal | null {
    if (isStopping) return { status: 503, message: 'The gateway is stopping.' };
    if (url!.split('?', 1)[0] !== path) return { status: 404, message: `WebSockets are served at ${path}.` };
    return isAllowedOrigin(config.corsOrigins, headers)
      ? null
      : { status: 403, message: 'Pages of this origin may not use the gateway.' };
  }

  function upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const refusal = refuse(request);
    const release = refusal ? null : connections.acquire(request);
    if (!release) {
      refuseConnection(socket, refusal ?? overloadRefusal('address'));
      return;
    }
    socket.once('close', release);
    // The same one wherever it is read again.
    request.headers['x-request-id'] = readRequestId(request);
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = new SocketConnection(webSocket, request, { admission, floods });
      open.add(connection);
      webSocket.once('close', () => open.delete(connection));
      attachProtocol(protocol, connection, options.log);
    });
  }

  return {
    get size() {
      return open.size;
    },
    upgrade,
    async close() {
      isStopping = true;
      stopHeartbeat();
      await closeAll(open);
    },
  };
}

function createWebSocketServer(): WebSocketServer {
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_MESSAGE,
    // Pongs are sent in attach-protocol.ts, only while the client reads.
    autoPong: false,
    handleProtocols: selectProtocol,
    ...RECEIVING,
  });
  return webSockets.on('headers', (headers, request) => headers.push(`x-request-id: ${readRequestId(request)}`));
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
