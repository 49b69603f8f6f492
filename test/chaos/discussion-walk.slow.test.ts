import { afterEach, describe, expect, it } from 'vitest';
import { verify } from '../../src/database/derived/verify.ts';
import { closeAll } from '../closers.ts';
import { until } from '../gateway.ts';
import { hasRedis } from '../redis-server.ts';
import { random } from '../seed.ts';
import { isSoak } from './size.ts';
import { checkClients } from './walk-checks.ts';
import { cutSomeConnections, type Disturbance, disturbancesOf, type Walk } from './walk-disturbances.ts';
import { CLIENTS, startInstallation, WRITERS } from './walk-installation.ts';
import { eventCounter } from './walk-ledger.ts';
import { WritersAtWork } from './walk-writers.ts';

/** Chooses what happens; WALK_SEED gives another. */
const SEED = Number(process.env.WALK_SEED ?? 1);
/** Events from one check of all copies to the next, and the number of checks. */
const LAPS = isSoak ? { events: 1_000, count: 20 } : { events: 40, count: 2 };
/** Events from one cut of connections to the next. */
const EVENTS_BETWEEN_CUTS = isSoak ? 15 : 10;
const LONGEST_PAUSE = isSoak ? 4_000 : 300;
/** Milliseconds that one walk may take. */
const TIME_LIMIT = isSoak ? 3_600_000 : 300_000;
/** Milliseconds in which writers write a hundred events, also while a gateway is paused. */
const WRITTEN_WITHIN = 60_000;

/** Results of the kinds of changes. */
const KINDS = ['AddComment', 'EditComment', 'RemoveComment', 'React', 'ReportComment', 'ModerateComments'].map(
  (name) => `${name}Success`,
);

const closers: (() => unknown)[] = [];

afterEach(() => closeAll(closers));

describe.each([
  { server: 'PostgreSQL', withRedis: false },
  // The suite has clients on this bus in other tests.
  ...(isSoak ? [{ server: hasRedis ? 'Redis' : 'Redis, which is not on the PATH', withRedis: true }] : []),
])(`${CLIENTS} clients of two gateways with a bus over $server`, ({ withRedis }) => {
  it.skipIf(withRedis && !hasRedis)(
    `have every event once and a right copy, whatever ${WRITERS} writers, operators and the network do`,
    { timeout: TIME_LIMIT },
    async () => {
      try {
        await walk(withRedis);
      } catch (error) {
        if (error instanceof Error) error.message = `WALK_SEED=${SEED}: ${error.message}`;
        throw error;
      }
    },
  );
});

async function walk(withRedis: boolean): Promise<void> {
  const next = random(SEED);
  const walking: Promise<unknown>[] = [];
  // Whatever still waits for a gateway then ends, because none answers any more.
  closers.push(() => Promise.all(walking));
  const over = new AbortController();
  const installation = await startInstallation({ withRedis, next, over: over.signal }, closers);
  const { sql, clients, writers, nodes, results, databaseUrl } = installation;
  const work = createWork(new WritersAtWork(writers));
  const countEvents = eventCounter(sql);
  const context: Walk = {
    ...installation,
    longestPause: LONGEST_PAUSE,
    countEvents,
    async untilWritten(count) {
      const before = await countEvents();
      const isWritten = async (): Promise<boolean> => {
        over.signal.throwIfAborted();
        work.check();
        return (await countEvents()) >= before + count;
      };
      await until(`${count} events are written`, isWritten, { limit: WRITTEN_WITHIN * (1 + count / 100) });
    },
    whileNobodyWrites: work.pause,
  };
  closers.push(() => {
    over.abort(new Error('The walk is over.'));
    for (const client of clients) client.destroy();
    walking.push(work.stop());
  });
  walking.push(...clients.map((client) => client.run().catch((error) => work.fail(error))));

  const happened = new Map<string, number>();
  const disturbances = disturbancesOf(context);
  for (let lap = 0; lap < LAPS.count; lap++) {
    // A short walk has each disturbance once.
    const own = isSoak ? disturbancesOf(context) : disturbances.filter((_, i) => i % LAPS.count === lap);
    const isLast = lap === LAPS.count - 1;
    const isComplete = (): boolean => !isLast || KINDS.every((kind) => results.has(kind));
    await runLap(context, { disturbances: own, end: (lap + 1) * LAPS.events, isComplete, work });
    for (const { name } of own) happened.set(name, (happened.get(name) ?? 0) + 1);
    await checkClients(sql, clients);
    if (isSoak) process.stderr.write(`${await countEvents()} events, all copies are right\n`);
  }

  expect(await countEvents()).toBeGreaterThanOrEqual(LAPS.count * LAPS.events);
  expect([...results.keys()]).toEqual(expect.arrayContaining(KINDS));
  expect([...happened.keys()].sort()).toEqual(disturbances.map(({ name }) => name).sort());
  expect(await verify({ url: databaseUrl, repair: false })).toEqual([]);
  for (const node of nodes) expect([node.crashes, node.unexpectedLines]).toEqual([0, []]);
  if (isSoak) report(context);
}

/** Writers write and disturbances happen until the logs have grown to `end` events and the lap is complete. */
async function runLap(walk: Walk, { disturbances, end, isComplete, work }: Lap): Promise<void> {
  let isOver = false;
  const cutting = (async () => {
    while (!isOver) {
      await walk.untilWritten(EVENTS_BETWEEN_CUTS).catch((error) => work.fail(error));
      cutSomeConnections(walk);
      if (work.hasFailed) return;
    }
  })();
  work.start();
  const start = await walk.countEvents();
  const between = Math.max(5, Math.floor((end - start) / (disturbances.length + 1)));
  try {
    for (const { name, happen } of disturbances) {
      await walk.untilWritten(Math.min(between, LAPS.events));
      await happen().catch((error) => {
        throw new Error(`When ${name}: ${error.message}`, { cause: error });
      });
    }
    const missing = end - (await walk.countEvents());
    if (missing > 0) await walk.untilWritten(missing);
    // Which changes are made is random.
    while (!isComplete()) await walk.untilWritten(EVENTS_BETWEEN_CUTS);
  } finally {
    isOver = true;
    // It waits for some events more.
    await cutting;
    await work.stop();
  }
  work.check();
}

interface Lap {
  disturbances: readonly Disturbance[];
  end: number;
  /** Whether changes of every kind were made that this lap has to see. */
  isComplete(): boolean;
  work: Work;
}

interface Work {
  readonly hasFailed: boolean;
  start(): void;
  stop(): Promise<void>;
  /** Does something while no writer writes. */
  pause(during: () => Promise<void>): Promise<void>;
  fail(error: unknown): void;
  /** @throws the first failure */
  check(): void;
}

function createWork(writers: WritersAtWork): Work {
  let failure: { error: unknown } | null = null;
  const fail = (error: unknown): void => {
    failure ??= { error };
  };
  const start = (): void => writers.start(fail);
  return {
    get hasFailed() {
      return failure !== null;
    },
    start,
    stop: () => writers.stop(),
    async pause(during) {
      await writers.stop();
      try {
        await during();
      } finally {
        start();
      }
    },
    fail,
    check() {
      if (failure) throw failure.error;
    },
  };
}

/** Prints what the clients went through. */
function report({ clients }: Walk): void {
  const sum = (count: 'losses' | 'resyncs' | 'absences'): number =>
    clients.reduce((total, client) => total + client.counts[count], 0);
  process.stderr.write(
    `${sum('losses')} connections ended, ${sum('resyncs')} readings again, ${sum('absences')} times not public\n`,
  );
}
