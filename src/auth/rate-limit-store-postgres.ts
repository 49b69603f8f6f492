import pg from 'pg';
import { RateLimiterPostgres } from 'rate-limiter-flexible';
import type { Config } from '../config.ts';
import { closeStalledConnections } from '../database/index.ts';
import type { Logger } from '../logger.ts';
import { createOutageLog } from './outage-log.ts';
import { createPointLedger } from './point-ledger.ts';
import type { RateLimit, RateLimitStore } from './rate-limit-store.ts';

/** Connections, apart from the pool of requests: a request that counts may hold a connection of that pool already. */
const CONNECTIONS = 2;

interface PostgresRateLimitOptions {
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
  pool.on('error', (error) =>
    log.error('Lost an idle database connection of the rate limits; the next action opens a new one', { err: error }),
  );
  const createLimiter = ({ times, seconds }: RateLimit): RateLimiterPostgres =>
    new RateLimiterPostgres({
      points: times,
      duration: seconds,
      keyPrefix: '',
      storeClient: pool,
      storeType: 'pool',
      tableName: 'rate_limit',
      tableCreated: true,
    });
  const ledgerOutage = createOutageLog(log, {
    begin: 'The database does not store cost budgets; each gateway counts on its own until it does',
    end: 'The database stores cost budgets again',
  });
  return {
    createLimiter,
    openLedger: (windowSeconds) => createPointLedger(createLimiter({ times: 0, seconds: windowSeconds }), ledgerOutage),
    close: () => pool.end(),
  };
}
