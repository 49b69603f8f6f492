export type { Metrics } from './metrics.ts';
export { type Observer, openObserver } from './observer.ts';
