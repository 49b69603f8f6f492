import type { Socket } from 'node:net';
import type pg from 'pg';

/**
 * Closes connections that are in use and on which no data has been sent or received for `timeout` milliseconds: a frozen
 * database server or a network that drops packets gives no other sign. The statement under way rejects.
 *
 * pg's `query_timeout` does not serve: it creates a timer for each statement, and V8 then keeps the rows of all
 * statements until it collects the whole heap. A socket has one timer for its whole life.
 */
export function closeStalledConnections(pool: pg.Pool, timeout: number): void {
  const states = new Map<pg.PoolClient, { isInUse: boolean }>();
  pool.on('connect', (client) => {
    const state = { isInUse: false };
    states.set(client, state);
    const socket = client.connection.stream as Socket;
    socket.setTimeout(timeout);
    // Not the callback of setTimeout, which is called once: the first time may be while nobody uses the connection.
    socket.on('timeout', () => {
      if (!state.isInUse) return;
      const { bytesRead } = socket;
      // If this process was blocked, data may have arrived unread: timers run before the sockets are read.
      setImmediate(() => {
        if (state.isInUse && socket.bytesRead === bytesRead) socket.destroy(createTimeoutError(timeout));
      });
    });
  });
  pool.on('acquire', (client) => {
    states.get(client)!.isInUse = true;
  });
  pool.on('release', (_error, client) => {
    const state = states.get(client);
    if (state) state.isInUse = false;
  });
  pool.on('remove', (client) => states.delete(client));
}

function createTimeoutError(timeout: number): Error {
  const message = `No data from the database for ${timeout} ms; the connection was closed.`;
  return Object.assign(new Error(message), { code: 'ETIMEDOUT' });
}
