import { publishDue, untilDue } from '../schema/article-publishing.ts';
import type { Pool } from './database/pool.ts';
import type { Log } from './log.ts';

/** Milliseconds between looks at the schedule: how late an article comes at most whose node that knew of it is gone. */
const LOOK_EVERY = 2_000;
/** Milliseconds before another look when something is due and cannot be had yet, as while somebody edits it. */
const LOOK_AGAIN = 100;

export interface Schedule {
  /** Looks at once: something may have been scheduled. */
  wake(): void;
  /** Resolves when nothing more is done. */
  close(): Promise<void>;
}

export interface ScheduleOptions {
  db: Pick<Pool, 'query' | 'transaction'>;
  log: Log;
  /** Called after a scheduled article became public here. */
  onPublished(): void;
}

/**
 * Makes scheduled articles public when their time has come, by the database's clock. Every node does; each article is
 * published by the one that locks its row. The schedule is in the articles themselves, so a restart loses nothing.
 */
export function startSchedule({ db, log, onPublished }: ScheduleOptions): Schedule {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;
  let isWanted = false;
  let isClosed = false;

  function wake(): void {
    isWanted = true;
    if (looking || isClosed) return;
    clearTimeout(timer);
    looking = look().then((wait) => {
      looking = null;
      if (isClosed) return;
      if (isWanted) return wake();
      timer = setTimeout(wake, wait);
      // A gateway with nothing else to do may end.
      timer.unref();
    });
  }

  /** @returns milliseconds until the next look */
  async function look(): Promise<number> {
    isWanted = false;
    try {
      while (!isClosed) {
        const wait = await untilDue(db);
        if (wait === null) break;
        if (wait > 0) return Math.min(Math.ceil(wait), LOOK_EVERY);
        // One a transaction: a long list keeps no row locked for longer than its own change.
        if (!(await db.transaction(publishDue))) return LOOK_AGAIN;
        onPublished();
      }
      return LOOK_EVERY;
    } catch (error) {
      if (!isClosed) log.error('The schedule could not be looked at; trying again', error);
      return LOOK_EVERY;
    }
  }

  wake();
  return {
    wake,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
