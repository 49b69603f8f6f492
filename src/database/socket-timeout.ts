import type { Socket } from 'node:net';
import type pg from 'pg';

/**
 * Cuts connections that are in use and on which nothing has come or gone for so many milliseconds: a database that
 * stands still, or a network that swallows, says nothing else. What waited for them fails.
 *
 * It is not pg's `query_timeout`, which makes a timer for each statement: V8 then keeps the rows of all statements until
 * it collects the whole heap. A socket has one timer for as long as it lives.
 */
export function closeStalledConnections(pool: pg.Pool, limit: number): void {
  const inUse = new Map<pg.PoolClient, { isInUse: boolean }>();
  pool.on('connect', (client) => {
    const use = { isInUse: false };
    inUse.set(client, use);
    const socket = client.connection.stream as Socket;
    socket.setTimeout(limit, () => {
      if (use.isInUse) socket.destroy(silent(limit));
    });
  });
  pool.on('acquire', (client) => {
    inUse.get(client)!.isInUse = true;
  });
  pool.on('release', (_error, client) => {
    const use = inUse.get(client);
    if (use) use.isInUse = false;
  });
  pool.on('remove', (client) => inUse.delete(client));
}

function silent(limit: number): Error {
  return Object.assign(new Error(`The database has said nothing for ${limit} ms.`), { code: 'ETIMEDOUT' });
}
