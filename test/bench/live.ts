import { type Hall, openHall } from './crowd/hall.ts';
import type { Lateness } from './crowd/jobs.ts';
import { faultsOf, report, sentAtOf } from './delivery.ts';
import { openDiscussions } from './discussion/database.ts';
import { COMMENT } from './discussion/documents.ts';
import { atBare, atGateway, gather, type Subject } from './discussion/subject.ts';
import { goal } from './goal.ts';
import { whileOpen } from './opening.ts';
import { startBroadcast } from './servers/baselines.ts';
import { profiling, startGateway } from './servers/gateway.ts';
import { processorTime } from './servers/usage.ts';
import { describeMachine } from './setting.ts';
import { median, table } from './table.ts';
import { startWriters } from './writers/writers.ts';

export interface LiveOptions {
  readers: number;
  /** Comments of a burst. */
  comments: number;
  /** Requests under way at a time that write the burst. */
  connections: number;
  /** Measurements of each server; the medians are shown. */
  rounds: number;
  /** Folder for a profile of the gateway. */
  profile?: string;
  /** Seconds of a steady stream, and comments in each. */
  seconds: number;
  rate: number;
}

/** Milliseconds in which all readers have everything, or never will. */
const WITHIN = 30_000;

/** What the gateway should reach: a part of the bare server's rate, and so many milliseconds more than its lateness. */
const LEAST_RATE = 0.5;
const MOST_LATER = 50;

/**
 * Measures how comments reach all readers of an article, in turns at the gateway and at a server that only sends the same
 * string to all sockets, and prints tables.
 */
export async function measureLive(options: LiveOptions): Promise<void> {
  const { readers, comments, connections, rounds, profile } = options;
  await whileOpen(async (opening) => {
    const discussions = await openDiscussions(opening, console.log);
    const gateway = await opening(startGateway(discussions.url, profiling(profile)));
    const bare = await opening(startBroadcast());
    const hall = await opening(openHall());
    const writers = await opening(startWriters());
    console.log(`${await describeMachine(discussions.client)}
Bursts of ${comments} comments on one article, written on ${connections} connections; medians of ${rounds} rounds.\n`);

    const subjects = [
      await atGateway({ gateway, discussions, connections, text: COMMENT, hall, writers }),
      atBare(bare, { hall, writers }),
    ];
    const sizes = [...new Set([1, Math.ceil(readers / 2), readers])];
    const bursts: Bursts[] = [];
    for (const size of sizes) {
      // The first names the event that the other imitates.
      for (const subject of subjects) await bare.imitate(await gather(subject, size));
      bursts.push(...(await measureBursts(subjects, { size, hall, ...options })));
    }
    console.log(`${burstTable(bursts)}\n`);
    console.log(steadyTable(await measureSteady(subjects, options), options));
  });
}

interface Burst {
  /** From the first post to the last arrival. */
  milliseconds: number;
  /** Milliseconds of processor time that the server took, and the readers. */
  serverTime: number;
  readersTime: number;
}

interface Bursts {
  subject: Subject['name'];
  readers: number;
  events: number;
  burst: Burst;
}

type BurstOptions = LiveOptions & { size: number; hall: Hall };

async function measureBursts(subjects: readonly Subject[], options: BurstOptions): Promise<Bursts[]> {
  const { size, rounds, comments } = options;
  const measured = new Map<Subject, Burst[]>(subjects.map((subject) => [subject, []]));
  // The first round is for the compilers.
  for (let round = 0; round <= rounds; round++) {
    for (const subject of subjects) {
      const burst = await measureBurst(subject, options);
      if (round > 0) measured.get(subject)!.push(burst);
    }
    console.error(`${size} readers: round ${round} of ${rounds}`);
  }
  return [...measured].map(([{ name }, all]) => {
    const of = (key: keyof Burst): number => median(all.map((one) => one[key]));
    const burst = { milliseconds: of('milliseconds'), serverTime: of('serverTime'), readersTime: of('readersTime') };
    return { subject: name, readers: size, events: size * comments, burst };
  });
}

async function measureBurst(subject: Subject, { size, comments, hall }: BurstOptions): Promise<Burst> {
  const { crowd, server, name } = subject;
  await crowd.reset();
  const before = { server: await processorTime(server.pid), readers: await processorTime(hall.pid) };
  const posts = await subject.write(comments);
  const tally = await crowd.awaitEvents(comments, WITHIN);
  const after = { server: await processorTime(server.pid), readers: await processorTime(hall.pid) };
  report(`${name}, ${size} readers`, await faultsOf(subject, { tally, readers: size, posts }));
  return {
    milliseconds: tally.lastAt - Math.min(...posts.map(({ sentAt }) => sentAt)),
    serverTime: after.server - before.server,
    readersTime: after.readers - before.readers,
  };
}

function burstTable(all: readonly Bursts[]): string {
  const most = Math.max(...all.map(({ readers }) => readers));
  const rateOf = ({ events, burst }: Bursts): number => (1000 * events) / burst.milliseconds;
  const rows = all.map((one) => {
    const { subject, readers, events, burst } = one;
    const fewest = all.find((other) => other.subject === subject)!;
    // What the first reader costs is the writing.
    const more = (1000 * (burst.serverTime - fewest.burst.serverTime)) / (events - fewest.events);
    return [
      subject,
      readers.toLocaleString('en'),
      burst.milliseconds.toFixed(0),
      Math.round(rateOf(one)).toLocaleString('en'),
      burst.serverTime.toFixed(0),
      one === fewest ? '' : more.toFixed(1),
      `${((100 * burst.readersTime) / burst.milliseconds).toFixed(0)}%`,
    ];
  });
  const header = ['server', 'readers', 'ms', 'events/s', 'CPU ms', 'CPU µs each', 'load busy'];
  const [gateway, bare] = all.filter(({ readers }) => readers === most).map(rateOf);
  const share = gateway! / bare!;
  return `${table(header, rows)}
"CPU µs each": processor time of the server for one event to one reader more. "load busy": share of the time in which the
process of the readers was; near 100% it is what sets the pace.
${goal(share >= LEAST_RATE, `${(100 * share).toFixed(0)}% of the bare server's events a second; at least ${100 * LEAST_RATE}%`)}`;
}

async function measureSteady(
  subjects: readonly Subject[],
  { readers, seconds, rate, rounds }: LiveOptions,
): Promise<Map<Subject['name'], Lateness>> {
  const measured = new Map<Subject['name'], Lateness[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const subject of subjects) {
      const { crowd, name } = subject;
      await crowd.reset();
      const posts = await subject.write(seconds * rate, 1000 / rate);
      const tally = await crowd.awaitEvents(seconds * rate, WITHIN);
      report(`${name}, steady`, await faultsOf(subject, { tally, readers, posts }));
      measured.get(name)!.push(await crowd.lateness(sentAtOf(posts)));
    }
    console.error(`steady: round ${round} of ${rounds}`);
  }
  return new Map(
    [...measured].map(([name, all]) => {
      const of = (key: keyof Lateness): number => median(all.map((one) => one[key]));
      return [name, { p50: of('p50'), p99: of('p99'), most: of('most') }];
    }),
  );
}

function steadyTable(measured: ReadonlyMap<Subject['name'], Lateness>, { rate, readers }: LiveOptions): string {
  const rows = [...measured].map(([name, { p50, p99, most }]) => [
    name,
    ...[p50, p99, most].map((ms) => ms.toFixed(1)),
  ]);
  const later = measured.get('gateway')!.p99 - measured.get('bare ws')!.p99;
  return `${rate} comments a second to ${readers.toLocaleString('en')} readers: milliseconds from sending to arrival

${table(['server', 'p50', 'p99', 'most'], rows)}
${goal(later < MOST_LATER, `p99 ${later.toFixed(1)} ms later than the bare server's; less than ${MOST_LATER} ms`)}`;
}
