import pg from 'pg';
import { vi } from 'vitest';
import type { Bus } from '../src/bus/bus.ts';
import { createPostgresBus } from '../src/bus/postgres-bus.ts';
import { createRedisBus } from '../src/bus/redis-bus.ts';
import type { Logger } from '../src/logger.ts';
import { createTestDatabase } from './database.ts';
import { startRedis } from './redis-server.ts';

/** A real server that carries wake-ups, and what tests want to know of it. */
export interface BusServer {
  port: number;
  /** A bus of one gateway. @param port another way to the server */
  open(log: Logger, port?: number): Bus;
  /** The topics that the server is listened to for, once for each gateway. */
  heard(): Promise<string[]>;
  /** How often it was told of wake-ups so far. */
  sends(): Promise<number>;
  /** Ends the connections of every bus from the server's side. */
  cut(): Promise<void>;
  close(): Promise<void>;
}

export async function openPostgres(): Promise<BusServer> {
  const database = await createTestDatabase();
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  // What a connection listens to is told to that connection alone.
  const queries = vi.spyOn(pg.Client.prototype, 'query');
  const buses = (): pg.Client[] => [...new Set(queries.mock.contexts as pg.Client[])].filter((one) => one !== sql);

  return {
    port: Number(new URL(database.url).port),
    open(log, port) {
      const url = new URL(database.url);
      if (port) url.port = `${port}`;
      return createPostgresBus({ url: url.href, config: { connectTimeout: 5_000, statementTimeout: 10_000 }, log });
    },
    async heard() {
      const channels = buses().map(async (client) => {
        const { rows } = await client.query('SELECT pg_listening_channels() AS channel').catch(() => ({ rows: [] }));
        return rows.map(({ channel }) => (channel as string).replace('broadsheet:', ''));
      });
      return (await Promise.all(channels)).flat().sort();
    },
    async sends() {
      return queries.mock.calls.filter(([query]) => (query as { name?: string }).name === 'bus-publish').length;
    },
    async cut() {
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
    async heard() {
      const channels = (await client.pubsub('CHANNELS')) as string[];
      const counts = (await client.pubsub('NUMSUB', ...channels)) as (string | number)[];
      return channels
        .flatMap((channel) =>
          Array<string>(Number(counts[counts.indexOf(channel) + 1])).fill(channel.replace(prefix, '')),
        )
        .sort();
    },
    async sends() {
      const told = /cmdstat_publish:calls=(\d+)/.exec(await client.info('commandstats'));
      return Number(told?.[1] ?? 0);
    },
    async cut() {
      // Both at once: a bus that comes back between them would be cut off twice.
      await client.pipeline().client('KILL', 'TYPE', 'pubsub').client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes').exec();
    },
  };
}
