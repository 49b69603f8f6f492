import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../../prisma/client/client.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { createObservedClient, type StatementObserver } from './pool/observed-client.ts';
import { type DatabaseParts, prismaPool, RequestDatabase } from './pool/request-database.ts';
import type { WorkSource } from './pool/request-work.ts';
import { RunningStatements } from './pool/running-statements.ts';
import { SharedReads } from './pool/shared-reads.ts';
import { type PoolUsage, WorkConnections } from './pool/work-connections.ts';
import { closeStalledConnections } from './socket-timeout.ts';

/** The pool's own statements are the gateway's work for many: events, jobs, health. */
export interface Pool extends RequestDatabase {
  /** The database for one operation, on the share of its kind and in the turn of its sender. */
  forWork(source: WorkSource): RequestDatabase;
  usage(): PoolUsage;
  close(): Promise<void>;
}

interface PoolOptions extends StatementObserver {
  url: string;
  config: Pick<Config, 'databaseConnections' | 'statementTimeout' | 'connectTimeout'>;
  log: Logger;
  /** Called when a connection was opened or was closed. */
  onConnectionChange?: () => void;
}

/** Milliseconds that a search may take: people do not wait longer, and a search for common words reads much. */
const SEARCH_LIMIT = 3_000;
/** Milliseconds that another statement for readers may take: pages take 10 ms, so it waits for a lock or for the disk. */
const READ_LIMIT = 5_000;

/** Seconds after which a connection is replaced once it is idle. */
const CONNECTION_LIFETIME = 1_800;

/**
 * Opens the connection pool that Prisma and the hand-written statements share. Connections are opened when they are
 * needed.
 */
export function openPool({ url, config, log, onConnectionChange, ...observer }: PoolOptions): Pool {
  const connection = {
    connectionString: url,
    connectionTimeoutMillis: config.connectTimeout,
    statement_timeout: config.statementTimeout,
    keepAlive: true,
  };
  const pool = new pg.Pool({
    ...connection,
    max: config.databaseConnections,
    idle_in_transaction_session_timeout: config.statementTimeout,
    // A connection keeps every statement it has prepared, and new documents keep adding statements.
    maxLifetimeSeconds: CONNECTION_LIFETIME,
    // Hand-written statements are few and their plans do not depend on the values, so each is planned once per
    // connection. Just-in-time compilation takes longer than these statements run. Prisma reads times in
    // ISO's form alone; the whole name, with MDY, is what PgBouncer compares.
    options: '-c plan_cache_mode=force_generic_plan -c jit=off -c timezone=UTC -c datestyle=ISO,\\ MDY',
    Client: createObservedClient(observer),
  });
  // The server cancels a statement after statementTimeout. This closes the connection when even that does not arrive.
  closeStalledConnections(pool, config.statementTimeout + config.connectTimeout);
  pool.on('error', (error) => log.error('Lost an idle database connection; the pool opens a new one', { err: error }));
  // The statement under way rejects; an 'error' event without a listener would also end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  if (onConnectionChange) pool.on('connect', onConnectionChange).on('remove', onConnectionChange);

  const connections = new WorkConnections(pool, config.databaseConnections);
  const statements = new RunningStatements(connection);
  const prismas = new PrismaClients((kind) => prismaPool(pool, connections, kind));
  const { statementTimeout } = config;
  const parts: DatabaseParts = {
    connections,
    sharedReads: new SharedReads(connections),
    statements,
    limits: {
      search: Math.min(SEARCH_LIMIT, statementTimeout),
      read: Math.min(READ_LIMIT, statementTimeout),
      other: statementTimeout,
    },
    prismaFor: (kind) => prismas.for(kind === 'staff' ? 'staff' : 'prisma'),
  };
  return Object.assign(new RequestDatabase(parts, { kind: 'live', sender: 'gateway' }), {
    forWork: (source: WorkSource) => new RequestDatabase(parts, source),
    usage: () => connections.usage(),
    async close() {
      await prismas.close();
      connections.close();
      await pool.end();
      await statements.close();
    },
  });
}

/** One client for each share of connections, made on its first use: readers and staff wait in different queues. */
class PrismaClients {
  readonly #poolFor: (kind: 'prisma' | 'staff') => pg.Pool;
  readonly #clients = new Map<string, PrismaClient>();

  constructor(poolFor: (kind: 'prisma' | 'staff') => pg.Pool) {
    this.#poolFor = poolFor;
  }

  for(kind: 'prisma' | 'staff'): PrismaClient {
    let client = this.#clients.get(kind);
    if (!client) {
      client = new PrismaClient({ adapter: new PrismaPg(this.#poolFor(kind)), errorFormat: 'minimal' });
      this.#clients.set(kind, client);
    }
    return client;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.$disconnect()));
  }
}
