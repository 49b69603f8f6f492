export { openObserver } from './observer.ts';
