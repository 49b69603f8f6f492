import { openRedisClient } from './redis-client.ts';

/** Rejects unless Redis answers, and takes the password. */
export async function pingRedis(url: string): Promise<void> {
  const client = openRedisClient(url, 'broadsheet doctor', { onLost() {} });
  try {
    await client.connect();
  } finally {
    await client.close();
  }
}
