import pg from 'pg';
import { vi } from 'vitest';
import type { Bus } from '../src/bus/bus.ts';
import { createPostgresBus } from '../src/bus/postgres-bus.ts';
import { createRedisBus } from '../src/bus/redis-bus.ts';
import type { Logger } from '../src/logger.ts';
import { createTestDatabase } from './database.ts';
import { startRedis } from './redis-server.ts';

/** A real server that carries wake-ups, with what tests observe and change on it. */
export interface BusServer {
  port: number;
  /** The bus of one gateway. @param port where it connects; the server's own by default */
  open(log: Logger, port?: number): Bus;
  /** The topics that gateways are subscribed to on the server, once for each gateway. */
  subscribedTopics(): Promise<string[]>;
  /** Number of times that wake-ups were published so far. */
  publishCount(): Promise<number>;
  /** Closes the connections of all buses from the server's side. */
  disconnectAll(): Promise<void>;
  close(): Promise<void>;
}

export async function openPostgres(): Promise<BusServer> {
  const database = await createTestDatabase();
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  // PostgreSQL shows the channels of a connection only on that connection.
  const queries = vi.spyOn(pg.Client.prototype, 'query');
  const buses = (): pg.Client[] => [...new Set(queries.mock.contexts as pg.Client[])].filter((one) => one !== sql);

  return {
    port: Number(new URL(database.url).port),
    open(log, port) {
      const url = new URL(database.url);
      if (port) url.port = `${port}`;
      return createPostgresBus({ url: url.href, config: { connectTimeout: 5_000, statementTimeout: 10_000 }, log });
    },
    async subscribedTopics() {
      const channels = buses().map(async (client) => {
        const { rows } = await client.query('SELECT pg_listening_channels() AS channel').catch(() => ({ rows: [] }));
        return rows.map(({ channel }) => (channel as string).replace('broadsheet:', ''));
      });
      return (await Promise.all(channels)).flat().sort();
    },
    async publishCount() {
      return queries.mock.calls.filter(([query]) => (query as { name?: string }).name === 'bus-publish').length;
    },
    async disconnectAll() {
      await sql.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'broadsheet bus'`);
    },
    async close() {
      queries.mockRestore();
      await sql.end();
      await database.drop();
    },
  };
}

export async function openRedis(): Promise<BusServer & { stop(): Promise<void>; start(): Promise<void> }> {
  const server = await startRedis();
  const { client } = server;
  const prefix = 'test:';

  return {
    ...server,
    open: (log, port = server.port) => createRedisBus({ url: `redis://127.0.0.1:${port}`, prefix, log }),
    async subscribedTopics() {
      const channels = (await client.pubsub('CHANNELS')) as string[];
      const counts = (await client.pubsub('NUMSUB', ...channels)) as (string | number)[];
      return channels
        .flatMap((channel) =>
          Array<string>(Number(counts[counts.indexOf(channel) + 1])).fill(channel.replace(prefix, '')),
        )
        .sort();
    },
    async publishCount() {
      const calls = /cmdstat_publish:calls=(\d+)/.exec(await client.info('commandstats'));
      return Number(calls?.[1] ?? 0);
    },
    async disconnectAll() {
      // Both at once: a bus that reconnects between them would be disconnected twice.
      await client.pipeline().client('KILL', 'TYPE', 'pubsub').client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes').exec();
    },
  };
}
