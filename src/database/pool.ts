import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../../prisma/client/client.ts';
import type { Database, Queryable } from '../../schema/content/context.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { createLimiter } from './limiter.ts';
import { query } from './query.ts';
import { closeStalledConnections } from './socket-timeout.ts';
import { runSerially, runTransaction } from './transaction.ts';

export interface Pool extends Database {
  /** Runs work in a transaction on a connection of its own. It runs again when it conflicts with another transaction. */
  transaction<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result>;
  /** Runs work that only reads, in one snapshot of the database. Its statements run one after another. */
  snapshot<Result>(work: (db: Queryable) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

interface PoolOptions {
  url: string;
  config: Pick<Config, 'databaseConnections' | 'statementTimeout' | 'connectTimeout'>;
  log: Logger;
  /** Called with the text of every statement sent, including those of Prisma. */
  onStatement?: ((text: string) => void) | undefined;
}

/** SQLSTATE of a serialization failure and of a deadlock: the transaction can be tried again. */
const RETRYABLE = new Set(['40001', '40P01']);
const TRANSACTION_ATTEMPTS = 5;

/** Seconds after which a connection is replaced once it is idle. */
const CONNECTION_LIFETIME = 1_800;

/**
 * Opens the connection pool that Prisma and the hand-written statements share. Connections are opened when they are
 * needed.
 */
export function openPool({ url, config, log, onStatement }: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: config.databaseConnections,
    connectionTimeoutMillis: config.connectTimeout,
    statement_timeout: config.statementTimeout,
    idle_in_transaction_session_timeout: config.statementTimeout,
    keepAlive: true,
    // A connection keeps every statement it has prepared, and new documents keep adding statements.
    maxLifetimeSeconds: CONNECTION_LIFETIME,
    // Hand-written statements are few and their plans do not depend on the values, so each is planned once per
    // connection. Just-in-time compilation takes longer than these statements run.
    options: '-c plan_cache_mode=force_generic_plan -c jit=off -c timezone=UTC',
    ...(onStatement && { Client: createObservedClient(onStatement) }),
  });
  // The server cancels a statement after statementTimeout. This closes the connection when even that does not arrive.
  closeStalledConnections(pool, config.statementTimeout + config.connectTimeout);
  pool.on('error', (error) => log.error('Lost an idle database connection; the pool opens a new one', { err: error }));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' });
  // Transactions on one article wait for each other's locks while holding connections; half of the pool stays free for
  // reads.
  const half = Math.max(1, Math.floor(config.databaseConnections / 2));
  const limitTransactions = createLimiter(half);
  const limitSnapshots = createLimiter(half);

  return {
    prisma,
    query: (statement) => query(pool, statement),
    async transaction(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await limitTransactions(() => runTransaction(pool, 'BEGIN', work));
        } catch (error) {
          if (attempt === TRANSACTION_ATTEMPTS || !RETRYABLE.has((error as { code?: string }).code ?? '')) throw error;
        }
      }
    },
    snapshot: (work) =>
      limitSnapshots(() =>
        runTransaction(pool, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', (tx) => runSerially(tx, work)),
      ),
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

function createObservedClient(onStatement: (text: string) => void): typeof pg.Client {
  return class extends pg.Client {
    // biome-ignore lint/suspicious/noExplicitAny: pg's query has a dozen overloads, all passed on unchanged.
    override query(...args: any[]): any {
      const [first] = args as [string | { text?: string }];
      onStatement(typeof first === 'string' ? first : (first.text ?? ''));
      // biome-ignore lint/suspicious/noExplicitAny: as above.
      return (super.query as any)(...args);
    }
  };
}
