export { articleTopic, type Bus, MODERATION_TOPIC, PUBLICATIONS_TOPIC } from './bus.ts';
export { pingRedis } from './ping-redis.ts';
export { createPostgresBus, publishOverPostgres } from './postgres-bus.ts';
export { createRedisBus, publishOverRedis } from './redis-bus.ts';
