import pg from 'pg';
import { RateLimiterPostgres } from 'rate-limiter-flexible';
import type { Config } from '../config.ts';
import { closeStalledConnections } from '../database/index.ts';
import type { Logger } from '../logger.ts';
import type { RateLimitStore } from './rate-limit-store.ts';

/** Connections for counting, apart from those of requests: who counts may be holding one of those. */
const CONNECTIONS = 2;

export interface PostgresRateLimitOptions {
  url: string;
  config: Pick<Config, 'statementTimeout' | 'connectTimeout'>;
  log: Logger;
}

/** Counts in the database, for several gateways together. */
export function openPostgresRateLimitStore({ url, config, log }: PostgresRateLimitOptions): RateLimitStore {
  const { statementTimeout, connectTimeout } = config;
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: connectTimeout,
    statement_timeout: statementTimeout,
    keepAlive: true,
  });
  closeStalledConnections(pool, statementTimeout + connectTimeout);
  pool.on('error', (error) => log.error('An idle database connection failed', { err: error }));
  return {
    limiter: ({ times, seconds }) =>
      new RateLimiterPostgres({
        points: times,
        duration: seconds,
        keyPrefix: '',
        storeClient: pool,
        storeType: 'pool',
        tableName: 'rate_limit',
        tableCreated: true,
        // Who is over the limit is refused until the time is up with no more statements.
        inMemoryBlockOnConsumed: times + 1,
      }),
    close: () => pool.end(),
  };
}
