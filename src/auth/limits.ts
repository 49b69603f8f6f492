import { RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimitedAction } from '../../schema/content/context.ts';
import { RateLimitedError } from '../../schema/content/errors.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { type Allowance, type Counters, memoryCounters } from './counters.ts';
import { openPostgresCounters } from './counters-postgres.ts';
import { openRedisCounters } from './counters-redis.ts';
import type { RequestIdentity } from './identity.ts';

const MINUTE = 60;
const HOUR = 3_600;

interface Budget extends Allowance {
  /** Whose it is: the one who asks (a person, or for guests their address), or the article of all. */
  of: 'asker' | 'article';
}

/** What suits a small blog: far above what people do, far below what a program can. */
const BUDGETS: Readonly<Record<RateLimitedAction, readonly Budget[]>> = {
  comment: [
    { of: 'asker', times: 10, seconds: MINUTE },
    { of: 'asker', times: 100, seconds: HOUR },
    { of: 'article', times: 120, seconds: MINUTE },
  ],
  edit: [{ of: 'asker', times: 20, seconds: MINUTE }],
  remove: [{ of: 'asker', times: 20, seconds: MINUTE }],
  react: [{ of: 'asker', times: 60, seconds: MINUTE }],
  report: [{ of: 'asker', times: 10, seconds: 10 * MINUTE }],
  // An editor that saves every few seconds, and somebody who works on two articles at once.
  article: [{ of: 'asker', times: 30, seconds: MINUTE }],
};

export interface RateLimits {
  /** Counts an action. @throws RateLimitedError, with nothing counted, when it is one too many */
  take(asker: RequestIdentity, action: RateLimitedAction, articleId?: number): Promise<void>;
  close(): Promise<void>;
}

export interface LimitsOptions {
  /** The database. */
  url: string;
  /** Before everything that is kept in Redis. */
  redisPrefix: string;
  config: Pick<Config, 'rateLimits' | 'redisUrl' | 'statementTimeout' | 'connectTimeout'>;
  log: Logger;
}

/** Opens the limits, with the counters that are configured. */
export async function openRateLimits(options: LimitsOptions): Promise<RateLimits> {
  const counters = await openCounters(options);
  if (!counters) return { take: async () => {}, close: async () => {} };
  const limiters = new Map(
    Object.values(BUDGETS)
      .flat()
      .map((budget) => [budget, counters.of(budget)] as const),
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
    close: counters.close,
  };
}

/** Null where nothing is to be counted. */
async function openCounters({ url, redisPrefix, config, log }: LimitsOptions): Promise<Counters | null> {
  switch (config.rateLimits) {
    case 'off':
      return null;
    case 'memory':
      return memoryCounters;
    case 'postgres':
      return openPostgresCounters({ url, config, log });
    case 'redis':
      return openRedisCounters({
        url: config.redisUrl!,
        prefix: redisPrefix,
        connectTimeout: config.connectTimeout,
        log,
      });
  }
}
