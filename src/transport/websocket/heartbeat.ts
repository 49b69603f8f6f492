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
  const { socket, isAlive, isFull } = connection;
  if (socket.readyState !== socket.OPEN) return;
  // The client may be lost, or may have read nothing for so long: then it finds this reason after what it has not read.
  if (!isAlive) connection.close('slow', 'Read nothing for too long: resume from the last cursor');
  // A ping would wait behind the data that the client has not read.
  else if (!isFull) socket.ping();
  connection.isAlive = false;
}
