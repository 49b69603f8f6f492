import type { Queryable } from '../schema/content/context.ts';
import { articleTopic, loadRedis, publishOverPostgres } from './bus/index.ts';
import type { Config } from './config.ts';
import { ensureSecret, openPool } from './database/index.ts';
import type { Logger } from './logger.ts';

/** Wakes the readers of articles' logs that an import or a repair has replaced, on all gateways. */
export async function wakeReaders(
  { url, config, log }: { url: string; config: Config; log: Logger },
  articleIds: readonly number[],
): Promise<void> {
  const topics = articleIds.map(articleTopic);
  if (config.redisUrl === null) return publishOverPostgres({ url, config }, topics);
  const { publishOverRedis } = await loadRedis();
  const pool = openPool({ url, config, log });
  try {
    await publishOverRedis({ url: config.redisUrl, prefix: await redisPrefixOf(pool) }, topics);
  } finally {
    await pool.close();
  }
}

/** The prefix of this installation's names in Redis, which other installations may use as well. */
export async function redisPrefixOf(db: Queryable): Promise<string> {
  const installation = await ensureSecret(db, 'installation');
  return `broadsheet:${installation.toString('base64url').slice(0, 12)}:`;
}
