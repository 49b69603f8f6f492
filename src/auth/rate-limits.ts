import { RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimitedAction } from '../../schema/content/context.ts';
import { RateLimitedError } from '../../schema/content/errors.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { RequestIdentity } from './identity.ts';
import { memoryRateLimitStore, type RateLimit, type RateLimitStore } from './rate-limit-store.ts';
import { openPostgresRateLimitStore } from './rate-limit-store-postgres.ts';
import { openRedisRateLimitStore } from './rate-limit-store-redis.ts';

const MINUTE = 60;
const HOUR = 3_600;

interface SubjectRateLimit extends RateLimit {
  /** Whose it is: the one who asks (a person, or for guests their address), or the article of all. */
  subject: 'asker' | 'article';
}

/** What suits a small blog: far above what people do, far below what a program can. */
const ACTION_LIMITS: Readonly<Record<RateLimitedAction, readonly SubjectRateLimit[]>> = {
  comment: [
    { subject: 'asker', times: 10, seconds: MINUTE },
    { subject: 'asker', times: 100, seconds: HOUR },
    { subject: 'article', times: 120, seconds: MINUTE },
  ],
  edit: [{ subject: 'asker', times: 20, seconds: MINUTE }],
  remove: [{ subject: 'asker', times: 20, seconds: MINUTE }],
  react: [{ subject: 'asker', times: 60, seconds: MINUTE }],
  report: [{ subject: 'asker', times: 10, seconds: 10 * MINUTE }],
  // An editor that saves every few seconds, and somebody who works on two articles at once.
  article: [{ subject: 'asker', times: 30, seconds: MINUTE }],
};

export interface RateLimits {
  /** Counts an action. @throws RateLimitedError, with nothing counted, when it is one too many */
  consume(asker: RequestIdentity, action: RateLimitedAction, articleId?: number): Promise<void>;
  close(): Promise<void>;
}

export interface RateLimitOptions {
  /** The database. */
  url: string;
  /** Before everything that is kept in Redis. */
  redisPrefix: string;
  config: Pick<Config, 'rateLimits' | 'redisUrl' | 'statementTimeout' | 'connectTimeout'>;
  log: Logger;
}

/** Opens the limits, with the counters that are configured. */
export async function openRateLimits(options: RateLimitOptions): Promise<RateLimits> {
  const counters = await openStore(options);
  if (!counters) return { consume: async () => {}, close: async () => {} };
  const limiters = new Map(
    Object.values(ACTION_LIMITS)
      .flat()
      .map((budget) => [budget, counters.limiter(budget)] as const),
  );

  return {
    async consume({ viewer, address }, action, articleId) {
      // Moderators work through queues.
      if (viewer?.role === 'MODERATOR' || viewer?.role === 'ADMIN') return;
      const asker = viewer ? `author:${viewer.author.id}` : `address:${address}`;
      const counted = ACTION_LIMITS[action]
        .filter(({ subject: of }) => of === 'asker' || articleId !== undefined)
        .map((budget) => ({
          limiter: limiters.get(budget)!,
          key: `${action}:${budget.seconds}:${budget.subject === 'asker' ? asker : `article:${articleId}`}`,
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
async function openStore({ url, redisPrefix, config, log }: RateLimitOptions): Promise<RateLimitStore | null> {
  switch (config.rateLimits) {
    case 'off':
      return null;
    case 'memory':
      return memoryRateLimitStore;
    case 'postgres':
      return openPostgresRateLimitStore({ url, config, log });
    case 'redis':
      return openRedisRateLimitStore({
        url: config.redisUrl!,
        prefix: redisPrefix,
        connectTimeout: config.connectTimeout,
        log,
      });
  }
}
