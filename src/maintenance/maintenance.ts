import type { MaintenanceFinding, MaintenanceKind } from '../../schema/content/administration/maintenance-tasks.ts';
import type { Job, JobContext, Queryable } from '../../schema/content/context.ts';
import type { ConvertText } from '../../schema/content/text/conversions.ts';
import { checkRenderings, rerender } from '../../schema/content/text/rerender.ts';
import { verify } from '../database/index.ts';
import { type PruneConfig, pruneNow, startJobs, untilDue } from '../jobs/index.ts';
import type { Logger } from '../logger.ts';

/** Milliseconds between two signs that a task is worked on, and after which another gateway takes it over. */
const SIGN_EVERY = 5_000;
const TAKEN_OVER_AFTER = 30_000;

/** Gateways that may end while they work on a task, before it counts as failed. */
const MAX_ATTEMPTS = 3;

interface MaintenanceOptions extends JobContext {
  url: string;
  convertText: ConvertText;
  wakeReaders: (articleIds: readonly number[]) => Promise<void>;
  config: PruneConfig;
  /** Removes pictures that nothing shows; absent when none are kept. */
  prunePictures?: ((signal: AbortSignal) => Promise<MaintenanceFinding[]>) | undefined;
  log: Logger;
}

const DUE = `SELECT min(coalesce(seen_at + interval '${TAKEN_OVER_AFTER} ms', created_at)) FROM maintenance_task
  WHERE ended_at IS NULL`;

const CLAIM = `UPDATE maintenance_task
  SET started_at = coalesce(started_at, now()), seen_at = now(), attempts = attempts + 1
  WHERE id = (
    SELECT id FROM maintenance_task
    WHERE ended_at IS NULL AND coalesce(seen_at < now() - interval '${TAKEN_OVER_AFTER} ms', true)
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
  ) RETURNING id, kind, attempts`;

/** The statement that looks for work. */
export const MAINTENANCE_DUE: string = untilDue({ name: 'maintenance', due: { sql: DUE } })!.text;

/** Does the work that admins ask for, one task at a time at each gateway. */
export function openMaintenance(options: MaintenanceOptions): { close(): Promise<void> } {
  const { db, change, wakePublicationReaders, log } = options;
  const closing = new AbortController();
  const job = maintenanceJob(options, closing.signal);
  const jobs = startJobs({ jobs: [job], db, change, wakePublicationReaders, log });
  return {
    async close() {
      closing.abort();
      await jobs.close();
    },
  };
}

function maintenanceJob(options: MaintenanceOptions, signal: AbortSignal): Job {
  return {
    name: 'maintenance',
    due: { sql: DUE },
    async step({ db }) {
      const [claimed] = await db.query<[id: number, kind: MaintenanceKind, attempts: number]>({
        name: 'maintenance-claim',
        text: CLAIM,
        values: [],
      });
      if (!claimed) return false;
      const [id, kind, attempts] = claimed;
      const task = { id, kind, attempts };
      if (signal.aborted) await giveBack(db, task);
      else if (attempts > MAX_ATTEMPTS)
        await endTask(db, task, { error: `${MAX_ATTEMPTS} gateways have ended while they worked on it.` });
      else await runTask({ ...options, signal }, task);
      return true;
    },
  };
}

interface TaskOptions extends Omit<MaintenanceOptions, 'wakePublicationReaders'> {
  signal: AbortSignal;
}

/** A task as this gateway has claimed it. Once another one has taken it over, which counts as an attempt, it is not this gateway's to change. */
interface ClaimedTask {
  id: number;
  kind: MaintenanceKind;
  attempts: number;
}

const OWN = 'id = $1 AND attempts = $2 AND ended_at IS NULL';

async function runTask(options: TaskOptions, task: ClaimedTask): Promise<void> {
  const { db, signal, log } = options;
  const { id, kind, attempts } = task;
  const sign = setInterval(
    () =>
      db
        .query({ text: `UPDATE maintenance_task SET seen_at = now() WHERE ${OWN}`, values: [id, attempts] })
        .catch(() => {}),
    SIGN_EVERY,
  );
  try {
    const findings = await WORK[kind](options);
    signal.throwIfAborted();
    await endTask(db, task, { findings });
  } catch (err) {
    if (signal.aborted) await giveBack(db, task);
    else {
      log.error('A maintenance task failed', { task: id, kind, err });
      await endTask(db, task, { error: 'An unexpected error; the log of the gateway has it.' });
    }
  } finally {
    clearInterval(sign);
  }
}

async function endTask(
  db: Queryable,
  { id, attempts }: ClaimedTask,
  { findings = [], error = null }: { findings?: MaintenanceFinding[]; error?: string | null },
): Promise<void> {
  await db.query({
    text: `UPDATE maintenance_task SET ended_at = now(), findings = $3, error = $4 WHERE ${OWN}`,
    values: [id, attempts, JSON.stringify(findings.filter(({ count }) => count > 0)), error],
  });
}

/** This gateway stops: another one, or this one after its start, begins the task anew. */
async function giveBack(db: Queryable, { id, attempts }: ClaimedTask): Promise<void> {
  await db.query({
    text: `UPDATE maintenance_task SET seen_at = NULL, attempts = attempts - 1 WHERE ${OWN}`,
    values: [id, attempts],
  });
}

const WORK: Record<MaintenanceKind, (options: TaskOptions) => Promise<MaintenanceFinding[]>> = {
  VERIFY: (options) => verifyAll(options, false),
  REPAIR: (options) => verifyAll(options, true),
  async RERENDER(options) {
    const { rendered, failed } = await rerender(options);
    return [
      { description: 'texts rendered again', count: rendered },
      ...(failed.length > 0
        ? [
            {
              description: `texts too complex for the present rules: ${failed.slice(0, 100).join(', ')}`,
              count: failed.length,
            },
          ]
        : []),
    ];
  },
  PRUNE: async ({ change, config, signal, prunePictures }) => [
    ...(await pruneNow({ change, config, signal })),
    ...((await prunePictures?.(signal)) ?? []),
  ],
};

/** What `broadsheet verify` prints: derived data, and texts. */
export async function verifyAll(
  {
    url,
    db,
    convertText,
    wakeReaders,
    signal,
  }: Pick<TaskOptions, 'url' | 'db' | 'convertText' | 'wakeReaders' | 'signal'>,
  repair: boolean,
): Promise<MaintenanceFinding[]> {
  const derived = await verify({ url, repair, wakeReaders, signal });
  const texts = await checkRenderings({ db, convertText }, { repair, signal });
  return [
    ...derived,
    ...texts.map(({ table, count }) => ({
      description: `rows of ${table} whose HTML or plain text is not that of their source`,
      count,
    })),
  ];
}
