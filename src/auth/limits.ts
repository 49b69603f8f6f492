import pg from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { LimitedAction } from '../../schema/context.ts';
import { RateLimitedError } from '../../schema/errors.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { Asker } from './asker.ts';

const MINUTE = 60;
const HOUR = 3_600;

interface Budget {
  /** Whose it is: the one who asks (a person, or for guests their address), or the article of all. */
  of: 'asker' | 'article';
  times: number;
  seconds: number;
}

/** What suits a small blog: far above what people do, far below what a program can. */
const BUDGETS: Readonly<Record<LimitedAction, readonly Budget[]>> = {
  comment: [
    { of: 'asker', times: 10, seconds: MINUTE },
    { of: 'asker', times: 100, seconds: HOUR },
    { of: 'article', times: 120, seconds: MINUTE },
  ],
  edit: [{ of: 'asker', times: 20, seconds: MINUTE }],
  react: [{ of: 'asker', times: 60, seconds: MINUTE }],
  report: [{ of: 'asker', times: 10, seconds: 10 * MINUTE }],
};

/** Connections for counting, apart from those of requests: who counts may be holding one of those. */
const CONNECTIONS = 2;

export interface Limits {
  /** Counts an action. @throws RateLimitedError, with nothing counted, when it is one too many */
  take(asker: Asker, action: LimitedAction, articleId?: number): Promise<void>;
  close(): Promise<void>;
}

export interface LimitsOptions {
  url: string;
  config: Pick<Config, 'rateLimits' | 'statementTimeout' | 'connectTimeout'>;
  log: Log;
}

/** Opens the counters: in this process, or in the database for several gateways together. */
export function openLimits({ url, config, log }: LimitsOptions): Limits {
  if (config.rateLimits === 'off') return { take: async () => {}, close: async () => {} };
  const pool = config.rateLimits === 'postgres' ? openCounters(url, config, log) : null;
  const limiters = new Map(
    Object.values(BUDGETS)
      .flat()
      .map((budget) => [budget, limiterOf(budget, pool)] as const),
  );

  return {
    async take({ viewer, address }, action, articleId) {
      // Moderators work through queues.
      if (viewer?.role === 'MODERATOR' || viewer?.role === 'ADMIN') return;
      const asker = viewer ? `author:${viewer.author.id}` : `address:${address}`;
      const counted = BUDGETS[action]
        .filter(({ of }) => of === 'asker' || articleId !== undefined)
        .map((budget) => ({
          limiter: limiters.get(budget)!,
          key: `${action}:${budget.seconds}:${budget.of === 'asker' ? asker : `article:${articleId}`}`,
        }));
      const verdicts = await Promise.allSettled(counted.map(({ limiter, key }) => limiter.consume(key)));
      const refusals = verdicts.flatMap((verdict) => (verdict.status === 'rejected' ? [verdict.reason] : []));
      if (refusals.length === 0) return;
      // What was not done is not counted: otherwise the wait that is told would not be enough.
      await Promise.all(
        counted.map(({ limiter, key }, i) => verdicts[i]!.status === 'fulfilled' && limiter.reward(key)),
      );
      const waits = refusals.map((refusal: unknown) => {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        return refusal.msBeforeNext;
      });
      throw new RateLimitedError(Math.max(1, Math.ceil(Math.max(...waits) / 1_000)));
    },
    async close() {
      await pool?.end();
    },
  };
}

function limiterOf({ times, seconds }: Budget, pool: pg.Pool | null): RateLimiterMemory | RateLimiterPostgres {
  const options = { points: times, duration: seconds, keyPrefix: '' };
  if (!pool) return new RateLimiterMemory(options);
  return new RateLimiterPostgres({
    ...options,
    storeClient: pool,
    storeType: 'pool',
    tableName: 'rate_limit',
    tableCreated: true,
    // Who is over the limit is refused until the time is up with no more statements.
    inMemoryBlockOnConsumed: times + 1,
  });
}

function openCounters(url: string, { statementTimeout, connectTimeout }: LimitsOptions['config'], log: Log): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: connectTimeout,
    statement_timeout: statementTimeout,
    query_timeout: statementTimeout + connectTimeout,
    keepAlive: true,
  });
  pool.on('error', (error) => log.error('A connection to the database broke', error));
  return pool;
}
