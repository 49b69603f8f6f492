export { CoalescedCalls } from './coalesced-calls.ts';
export { LOG_PAGE, publicationLog } from './event-log.ts';
export { type LiveLogs, openLiveLogs } from './live-logs.ts';
export type { LogEntry } from './log-entry.ts';
export type { LogFollower, LogReader } from './log-reader.ts';
export { LogSource } from './log-source.ts';
