import type { Context } from './context.ts';

/** A kind of work that falls due at times kept in the database, by whose clock any node does it: a restart loses nothing. */
export interface ScheduledTask {
  /** SQL of the time of the next, null when there is none. Every node asks every few seconds: one step into an index. */
  nextDueSql: string;
  /** Does some of what is due. @returns false when nothing of it can be had yet, as while somebody holds its rows */
  run(context: Pick<Context, 'change' | 'wakePublicationReaders'>): Promise<boolean>;
}
