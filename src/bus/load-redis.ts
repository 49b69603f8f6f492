/** Loads what is done with Redis: its client takes 2 MB of memory, so only those who have Redis load it. */
export const loadRedis = () => import('./redis.ts');
