import { scheduledPublications } from '../../schema/content/article/scheduled-publications.ts';
import { coalescedReactionEvents } from '../../schema/content/comment/reaction-event.ts';
import type { Context } from '../../schema/content/context.ts';
import type { ScheduledTask } from '../../schema/content/scheduled-task.ts';
import type { Pool } from '../database/index.ts';
import type { Logger } from '../logger.ts';
import { type Repeated, repeat } from './repeat.ts';

/** Milliseconds between looks at the schedule: how late work is done at most whose node that knew of it is gone. */
const LOOK_EVERY = 2_000;
/** Milliseconds before another look when something is due and cannot be had yet, as while somebody edits it. */
const LOOK_AGAIN = 100;

const KINDS: readonly ScheduledTask[] = [scheduledPublications, coalescedReactionEvents];

/** What every node asks every few seconds: milliseconds until each kind is next due, less than 0 when it is over. */
export const UNTIL_DUE = {
  name: 'until-due',
  text: `SELECT ${KINDS.map(({ nextDueSql: next }) => `(extract(epoch FROM (${next}) - clock_timestamp()) * 1000)::float8`).join(',\n  ')}`,
  values: [],
};

export interface ScheduleOptions extends Pick<Context, 'change' | 'wakePublicationReaders'> {
  db: Pick<Pool, 'query'>;
  log: Logger;
}

/** Does what falls due when its time has come. Every node looks; the one that locks the rows of a thing does it. */
export function startScheduler({ db, log, ...context }: ScheduleOptions): Repeated {
  const schedule = repeat(async () => {
    try {
      const [waits = []] = await db.query<(number | null)[]>(UNTIL_DUE);
      const rests = await Promise.all(KINDS.map((kind, n) => attend(kind, waits[n] ?? null)));
      return Math.min(LOOK_EVERY, ...rests);
    } catch (error) {
      return failed(error);
    }
  });

  /** @returns milliseconds for which this kind needs no other look */
  async function attend(kind: ScheduledTask, wait: number | null): Promise<number> {
    if (wait === null) return LOOK_EVERY;
    if (wait > 0) return Math.ceil(wait);
    // What one kind meets holds up no other.
    return kind.run(context).then((isDone) => (isDone ? 0 : LOOK_AGAIN), failed);
  }

  function failed(error: unknown): number {
    log.error('Scheduled jobs failed and will be retried', { err: error });
    return LOOK_EVERY;
  }

  return schedule;
}
