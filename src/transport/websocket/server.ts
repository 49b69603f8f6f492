import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { CloseCode, handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Identify } from '../../auth/index.ts';
import type { Config } from '../../config.ts';
import type { OperationPipeline } from '../../execution/operations.ts';
import type { Logger } from '../../logger.ts';
import type { ConnectionLimiter } from '../connections.ts';
import { isAllowedOrigin } from '../origin.ts';
import { SocketConnection } from './connection.ts';
import { createProtocol } from './protocol.ts';

/** Largest message that is taken, in bytes: a comment with all that belongs to it. Articles go by POST. */
export const MAX_MESSAGE = 65_536;
/** Milliseconds between the pings that keep a connection through proxies, and find out that it is gone. */
const PING_EVERY = 12_000;
/** Milliseconds in which a client may read why it was closed; a slow one has much to read before that. */
const CLOSE_WITHIN = 120_000;
/** Milliseconds that what is being answered may take when the gateway stops, and clients to close. */
const STOP_WITHIN = 2_500;

export interface SocketOptions {
  server: Server;
  path: string;
  config: Pick<Config, 'corsOrigins'>;
  operations: OperationPipeline;
  identify: Identify;
  connections: ConnectionLimiter;
  log: Logger;
}

export interface Sockets {
  readonly size: number;
  /** Lets what is being answered be answered, then closes every socket. New ones are refused from now on. */
  close(): Promise<void>;
}

/** Serves graphql-transport-ws on the HTTP server's upgrade requests. */
export function serveSockets({ server, path, config, connections, ...options }: SocketOptions): Sockets {
  const { log } = options;
  const protocol = createProtocol(options);
  const open = new Set<SocketConnection>();
  const upgrades = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_MESSAGE,
    handleProtocols,
    // Its types lag behind.
    ...{ closeTimeout: CLOSE_WITHIN },
  });
  let isStopping = false;

  server.on('upgrade', upgrade);
  const beating = setInterval(() => open.forEach(beat), PING_EVERY);
  beating.unref();

  /** The status to refuse an upgrade with; null for one that is welcome. */
  function refusal({ url, headers }: IncomingMessage): number | null {
    if (isStopping) return 503;
    if (url!.split('?', 1)[0] !== path) return 404;
    return isAllowedOrigin(config.corsOrigins, headers) ? null : 403;
  }

  function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const status = refusal(request);
    const leave = status === null ? connections.take(request) : null;
    if (leave) {
      stream.once('close', leave);
      upgrades.handleUpgrade(request, stream, head, (socket) => opened(socket, request));
    } else {
      refuse(stream, status ?? 429);
    }
  }

  function opened(socket: WebSocket, request: IncomingMessage): void {
    const connection = new SocketConnection(socket, request);
    open.add(connection);
    // ws closes with the code that the fault has; there is nothing to add.
    socket.on('error', (error) => log.debug('A WebSocket failed', { requestId: connection.requestId, err: error }));
    socket.on('pong', () => {
      connection.isAlive = true;
    });
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => sent(socket, data),
        close: (code, reason) => socket.close(code, reason),
        onMessage(take) {
          socket.on('message', (data) => {
            connection.isAlive = true;
            take(String(data)).catch((error) => {
              // What only a server sends is thrown at, where everything else that is no message is closed with this.
              if (/^Unexpected message of type/.test(error.message))
                return socket.close(CloseCode.BadRequest, 'Invalid message received');
              log.error('A WebSocket message could not be answered', { requestId: connection.requestId, err: error });
              connection.close('fault', 'Something went wrong here');
            });
          });
        },
      },
      connection,
    );
    socket.once('close', (code, reason) => {
      open.delete(connection);
      connection.closed();
      closed(code, String(reason)).catch((error) =>
        log.error('A closed WebSocket could not be cleaned up', { requestId: connection.requestId, err: error }),
      );
    });
  }

  async function waitUntil(isDone: () => boolean): Promise<void> {
    for (const end = Date.now() + STOP_WITHIN; !isDone() && Date.now() < end; ) await delay(10);
  }

  return {
    get size() {
      return open.size;
    },
    async close() {
      isStopping = true;
      clearInterval(beating);
      await waitUntil(() => ![...open].some(({ running }) => running > 0));
      for (const connection of open) connection.close('restart', 'The gateway stops');
      await waitUntil(() => open.size === 0);
      for (const { socket } of open) socket.terminate();
      await waitUntil(() => open.size === 0);
      server.off('upgrade', upgrade);
    },
  };
}

/**
 * Asks for a sign of life, and lets go of who gave none since the last time. It may be gone, or only read nothing for so
 * long: then it finds the reason behind what it has not read.
 */
function beat(connection: SocketConnection): void {
  const { socket, isAlive, isFull } = connection;
  if (socket.readyState !== socket.OPEN) return;
  if (!isAlive) connection.close('slow', 'Read nothing for too long: resume from the last cursor');
  // Behind what waits to be read, a ping would wait, too.
  else if (!isFull) socket.ping();
  connection.isAlive = false;
}

/** A client that is gone meanwhile is no fault: its socket's end is told elsewhere. */
function sent(socket: WebSocket, data: string): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.OPEN) socket.send(data, () => resolve());
    else resolve();
  });
}

function refuse(stream: Duplex, status: number): void {
  stream.on('error', () => {});
  stream.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () =>
    stream.destroy(),
  );
}
