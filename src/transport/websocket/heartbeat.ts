import type { SocketConnection } from './connection.ts';

const PING = JSON.stringify({ type: 'ping' });

/**
 * Pings all connections, and closes those that have sent nothing since the last ping.
 * @param interval milliseconds
 * @returns stops
 */
export function startHeartbeat(connections: ReadonlySet<SocketConnection>, interval: number): () => void {
  const pinging = setInterval(() => connections.forEach(ping), interval).unref();
  return () => clearInterval(pinging);
}

function ping(connection: SocketConnection): void {
  const { socket, isFull } = connection;
  // What a client sends is not read while it has much to read itself; that it reads shows that it is there. Nor is it read for a
  // while after it has sent too much.
  const isAlive = connection.isAlive || (connection.outgoing.hasMoved() && isFull) || connection.isFlooding;
  if (socket.readyState !== socket.OPEN) return;
  if (!isAlive) closeUnlessHeard(connection);
  // A ping would wait behind the data that the client has not read.
  else if (!isFull) sendPings(connection);
  connection.isAlive = false;
}

function closeUnlessHeard(connection: SocketConnection): void {
  const { bytesRead } = connection.tcp;
  // If this process was blocked, an answer may have arrived unread: timers run before the sockets are read.
  setImmediate(() => {
    // The client may be lost, or may have read nothing for so long: then it finds this reason after what it has not read.
    if (connection.tcp.bytesRead === bytesRead)
      connection.close('slow', 'Read nothing for too long: resume from the last cursor');
  });
}

/**
 * A browser answers a ping of WebSocket by itself and tells the page nothing, so a page that waits for signs of life needs the
 * ping of graphql-transport-ws. The answer to either shows that the client is there: some clients know only one of them.
 */
function sendPings({ socket, identity, outgoing }: SocketConnection): void {
  socket.ping();
  // Clients may expect `connection_ack` to be the first message.
  if (identity !== null) void outgoing.sendText(PING);
}
