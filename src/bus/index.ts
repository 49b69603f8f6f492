export { articleTopic, type Bus, MODERATION_TOPIC, PUBLICATIONS_TOPIC } from './bus.ts';
export { loadRedis } from './load-redis.ts';
export { createPostgresBus, publishOverPostgres } from './postgres-bus.ts';
