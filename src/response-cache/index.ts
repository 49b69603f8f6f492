export { ChangeTracker, CONTENT_IDENTITY } from './change-tracker.ts';
export { CachedResponse, ResponseCache } from './response-cache.ts';
