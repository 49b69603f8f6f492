export { articleTopic, type Bus, MODERATION_TOPIC, PUBLICATIONS_TOPIC } from './bus.ts';
export { createPostgresBus } from './postgres-bus.ts';
export { createRedisBus } from './redis-bus.ts';
