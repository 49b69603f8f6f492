export { rebuildThreads } from './derived/thread-repair.ts';
export { verify } from './derived/verify.ts';
export { openDatabase } from './open.ts';
export { OverloadedError } from './pool/overloaded-error.ts';
export type { RequestDatabase } from './pool/request-database.ts';
export { AbortedError, type WorkSource } from './pool/request-work.ts';
export { openPool, type Pool } from './pool.ts';
export { ensureSecret } from './secret.ts';
export { closeStalledConnections } from './socket-timeout.ts';
