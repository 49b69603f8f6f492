export { pingRedis } from './ping-redis.ts';
export { createRedisBus, publishOverRedis } from './redis-bus.ts';
