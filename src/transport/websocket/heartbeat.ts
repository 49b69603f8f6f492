import type { SocketConnection } from './connection.ts';

/** Milliseconds between the pings that keep a connection open in proxies, and that detect a lost one. */
const PING_INTERVAL = 12_000;

/**
 * Pings all connections, and closes those that have sent nothing since the last ping.
 * @returns stops
 */
export function startHeartbeat(connections: ReadonlySet<SocketConnection>): () => void {
  const pinging = setInterval(() => connections.forEach(ping), PING_INTERVAL).unref();
  return () => clearInterval(pinging);
}

function ping(connection: SocketConnection): void {
  const { socket, isFull } = connection;
  // What a client sends is not read while it has much to read itself; that it reads shows that it is there.
  const isAlive = connection.isAlive || (connection.outgoing.hasMoved() && isFull);
  if (socket.readyState !== socket.OPEN) return;
  // The client may be lost, or may have read nothing for so long: then it finds this reason after what it has not read.
  if (!isAlive) connection.close('slow', 'Read nothing for too long: resume from the last cursor');
  // A ping would wait behind the data that the client has not read.
  else if (!isFull) socket.ping();
  connection.isAlive = false;
}
