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
  /**
   * Under what it is counted: `identity` is the signed-in member, or the address of an anonymous request; `article` is
   * the article, for all identities together.
   */
  subject: 'identity' | 'article';
}

/** For a small blog: far above what people do, far below what a program can do. */
const LIMITS: Readonly<Record<RateLimitedAction, readonly SubjectRateLimit[]>> = {
  comment: [
    { subject: 'identity', times: 10, seconds: MINUTE },
    { subject: 'identity', times: 100, seconds: HOUR },
    { subject: 'article', times: 120, seconds: MINUTE },
  ],
  edit: [{ subject: 'identity', times: 20, seconds: MINUTE }],
  remove: [{ subject: 'identity', times: 20, seconds: MINUTE }],
  react: [{ subject: 'identity', times: 60, seconds: MINUTE }],
  report: [{ subject: 'identity', times: 10, seconds: 10 * MINUTE }],
  // Allows an editor that saves every few seconds, and a writer who works on two articles at once.
  article: [{ subject: 'identity', times: 30, seconds: MINUTE }],
};

export interface RateLimits {
  /** Counts an action. @throws RateLimitedError when it exceeds a limit; then nothing is counted */
  consume(identity: RequestIdentity, action: RateLimitedAction, articleId?: number): Promise<void>;
  close(): Promise<void>;
}

interface RateLimitOptions {
  /** The database. */
  url: string;
  /** Prefix of every key in Redis. */
  redisPrefix: string;
  config: Pick<Config, 'rateLimits' | 'redisUrl' | 'statementTimeout' | 'connectTimeout'>;
  log: Logger;
}

/** Opens the rate limits with the store that RATE_LIMITS names. */
export async function openRateLimits(options: RateLimitOptions): Promise<RateLimits> {
  const store = await openStore(options);
  if (!store) return { consume: async () => {}, close: async () => {} };
  const limiters = new Map(
    Object.values(LIMITS)
      .flat()
      .map((limit) => [limit, store.createLimiter(limit)] as const),
  );

  return {
    async consume({ viewer, address }, action, articleId) {
      // Moderators work through whole queues.
      if (viewer?.role === 'MODERATOR' || viewer?.role === 'ADMIN') return;
      const identityKey = viewer ? `author:${viewer.author.id}` : `address:${address}`;
      const counters = LIMITS[action]
        .filter(({ subject }) => subject === 'identity' || articleId !== undefined)
        .map((limit) => ({
          limiter: limiters.get(limit)!,
          key: `${action}:${limit.seconds}:${limit.subject === 'identity' ? identityKey : `article:${articleId}`}`,
        }));
      const results = await Promise.allSettled(counters.map(({ limiter, key }) => limiter.consume(key)));
      const rejections = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
      if (rejections.length === 0) return;
      // A refused action is not counted under any limit: otherwise `retryAfterSeconds` would be too short.
      await Promise.all(
        counters.map(({ limiter, key }, i) => results[i]!.status === 'fulfilled' && limiter.reward(key)),
      );
      throw new RateLimitedError(retryAfterSeconds(rejections));
    },
    close: store.close,
  };
}

/** Whole seconds until every exceeded limit allows the action again. @throws the first rejection that is a failure */
function retryAfterSeconds(rejections: readonly unknown[]): number {
  const waits = rejections.map((rejection) => {
    if (!(rejection instanceof RateLimiterRes)) throw rejection;
    return rejection.msBeforeNext;
  });
  return Math.max(1, Math.ceil(Math.max(...waits) / 1_000));
}

/** Null when RATE_LIMITS is off. */
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
