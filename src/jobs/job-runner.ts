import type { Context, Job, JobContext, Statement } from '../../schema/content/context.ts';
import { queryRow } from '../../schema/content/query.ts';
import type { Logger } from '../logger.ts';
import { type Loop, startLoop } from './loop.ts';

/** Milliseconds between checks of a due time: the longest delay of work whose gateway stopped before it could wake the job. */
const CHECK_EVERY = 2_000;
/** Milliseconds until another step when the due work is locked, as an article is while somebody edits it. */
const LOCKED_RETRY = 100;
/** Milliseconds between two steps of a job at intervals that has more to do: most of the time is left to requests. */
const STEP_PAUSE = 100;

export interface JobRunnerOptions extends JobContext {
  jobs: readonly Job[];
  log: Logger;
}

/** What a job has done so far. */
export interface JobState {
  steps: number;
  failures: number;
  /** Since when it has been due, by `performance.now()`; null when it is not. */
  dueSince: number | null;
}

export interface JobRunner {
  /** By name. */
  states(): Iterable<readonly [string, JobState]>;
  wake: Context['wakeJob'];
  /** Starts no more steps. Resolves after those that are running. */
  close(): Promise<void>;
}

/** Runs each job in a loop of its own, so that a slow or failing one does not delay the others. */
export function startJobs({ jobs, log, ...context }: JobRunnerOptions): JobRunner {
  const states = new Map<string, JobState>(jobs.map(({ name }) => [name, { steps: 0, failures: 0, dueSince: null }]));
  const loops = new Map<Job, Loop>(jobs.map((job) => [job, startLoop(() => runJob(job))]));

  async function runJob(job: Job): Promise<number> {
    const { name, due } = job;
    const state = states.get(name)!;
    const checkEvery = 'every' in due ? due.every : CHECK_EVERY;
    try {
      const wait = await millisecondsUntilDue(job);
      state.dueSince = wait > 0 ? null : performance.now() + wait;
      if (wait > 0) return Math.min(Math.ceil(wait), checkEvery);
      const mayBeMore = await job.step(context);
      state.steps += 1;
      if ('every' in due && !mayBeMore) state.dueSince = null;
      if ('every' in due) return mayBeMore ? STEP_PAUSE : checkEvery;
      return mayBeMore ? 0 : LOCKED_RETRY;
    } catch (err) {
      state.failures += 1;
      log.error('A scheduled job failed and will be retried', { job: name, retryInSeconds: checkEvery / 1_000, err });
      return checkEvery;
    }
  }

  async function millisecondsUntilDue(job: Job): Promise<number> {
    const statement = untilDue(job);
    if (!statement) return 0;
    const [wait] = await queryRow<[milliseconds: number | null]>(context.db, statement);
    return wait ?? Number.POSITIVE_INFINITY;
  }

  return {
    states: () => states,
    wake: (job, milliseconds) => loops.get(job)?.wake(milliseconds),
    async close() {
      await Promise.all([...loops.values()].map((loop) => loop.close()));
    },
  };
}

/** Reads how many milliseconds are left by the database's clock, which all gateways share; null for a job at intervals. */
export function untilDue({ name, due }: Pick<Job, 'name' | 'due'>): Statement | null {
  if (!('sql' in due)) return null;
  return {
    name: `due-${name}`,
    text: `SELECT (extract(epoch FROM (${due.sql}) - clock_timestamp()) * 1000)::float8`,
    values: [],
  };
}
