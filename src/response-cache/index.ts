export { ChangeTracker } from './change-tracker.ts';
export { CachedResponse, ResponseCache } from './response-cache.ts';
