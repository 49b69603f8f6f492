export { CoalescedCalls } from './coalesced-calls.ts';
export { LOG_PAGE, type LogPage, publicationLog } from './event-log.ts';
export { type LiveLogs, openLiveLogs } from './live-logs.ts';
export type { LogFollower, LogReader } from './log-reader.ts';
export { type LogEntry, LogSource } from './log-source.ts';
