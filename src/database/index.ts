export { BULK_SETTINGS } from './bulk-settings.ts';
export { CancelSignal } from './cancel-signal.ts';
export { hasChangedNothing } from './changed-nothing.ts';
export { countArticles, countReactions, loadComments } from './derived/load-comments.ts';
export { EVENT_DELETION_LOCK, restartLogs, restartModerationLog } from './derived/restart-logs.ts';
export { rebuildThreads, repairThreads } from './derived/thread-repair.ts';
export { verify } from './derived/verify.ts';
export { findRunningServer } from './embedded/embedded.ts';
export { assertMigrated, migrate } from './migrate/migrate.ts';
export {
  hasMigrations,
  lockSchema,
  readAppliedMigrations,
  recreateSchema,
  tablesOfMigrations,
} from './migrate/recreate-schema.ts';
export { openDatabase, prepareSchema } from './open.ts';
export type { EndedStatement, StatementAccount } from './pool/observed-client.ts';
export { OverloadedError } from './pool/overloaded-error.ts';
export type { RequestDatabase } from './pool/request-database.ts';
export { AbortedError, type WorkSource } from './pool/request-work.ts';
export { openPool, type Pool } from './pool.ts';
export { ensureSecret } from './secret.ts';
export { closeStalledConnections } from './socket-timeout.ts';
