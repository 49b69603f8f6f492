import type { Server } from 'node:http';
import type { Bus } from './bus/index.ts';
import type { Config } from './config.ts';
import type { Pool } from './database/index.ts';

/**
 * Connections that may wait to be accepted, as far as the system allows. After a restart all clients connect at once, and
 * one that finds the queue full tries again only after a second.
 */
const BACKLOG = 4_096;

export function listen(server: Server, { port, host }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: BACKLOG }, resolve);
  });
}

/** Whether requests can be answered now. */
export async function checkReadiness(pool: Pool, bus: Bus): Promise<{ isReady: boolean; message: string }> {
  const isReady = await pool.query({ text: 'SELECT 1', values: [] }).then(
    () => true,
    () => false,
  );
  if (!isReady) return { isReady, message: 'the database does not answer' };
  // Without the bus, events are only delivered later.
  return { isReady, message: bus.isConnected ? 'ready' : 'ready, but the bus is not connected' };
}
