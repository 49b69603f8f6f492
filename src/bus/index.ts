export { articleTopic, type Bus, PUBLICATIONS_TOPIC } from './bus.ts';
export { createPostgresBus } from './postgres-bus.ts';
export { createRedisBus } from './redis-bus.ts';
