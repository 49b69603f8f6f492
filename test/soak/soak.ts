import { setTimeout as delay } from 'node:timers/promises';
import { verify } from '../../src/database/derived/verify.ts';
import { type Closers, closeAll } from '../closers.ts';
import { until } from '../gateway.ts';
import { random } from '../seed.ts';
import { Discussions } from './discussions.ts';
import { Disturber } from './disturbances.ts';
import { Faults } from './faults.ts';
import { Newsroom } from './newsroom.ts';
import { Outages } from './outages.ts';
import { comparePages } from './page-comparison.ts';
import type { Reading } from './reading.ts';
import { Sampler } from './sampler.ts';
import { openSite, type Site } from './site.ts';
import { Visitors } from './visitors.ts';

export interface SoakOptions {
  hours: number;
  seed: number;
  /** Further options of Node for the gateways. */
  nodeOptions: string;
  /** Takes a line about its progress. */
  log: (line: string) => void;
  /** Ends it when it is aborted. */
  signal: AbortSignal;
}

export interface SoakResult {
  /** From the start on. */
  readings: readonly Reading[];
  /** Minutes. */
  warmUp: number;
  faults: Faults;
  /** What was done, and how often. */
  counts: ReadonlyMap<string, number>;
  /** Messages of the gateways' logs that an outage explains. */
  explained: ReadonlyMap<string, number>;
}

const MINUTE = 60_000;
/** Minutes that one generation of discussions takes, and their number in a run of medium length. */
const LAP = { least: 0.35, most: 4, count: 16 };
/** Minutes before slopes are measured, at most, and its share of a short run. */
const WARM_UP = { most: 15, share: 0.25 };
/** Longest pause of the editors in milliseconds. */
const EDITORS_PAUSE = 3_000;
/** A run with more faults ends. */
const MOST_FAULTS = 20;

/** Simulates a site in use. @throws when it cannot be started, and the signal's reason */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const closers: Closers = [];
  const { signal } = options;
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  try {
    return await Promise.race([simulate(options, closers), aborted]);
  } finally {
    await closeAll(closers);
  }
}

async function simulate({ hours, seed, nodeOptions, log }: SoakOptions, closers: Closers): Promise<SoakResult> {
  const next = random(seed);
  const [faults, outages, over] = [new Faults(), new Outages(), new AbortController()];
  const site = await openSite({ outages, hours, nodeOptions }, closers);
  const { nodes, entrances, staff } = site;
  const newsroom = new Newsroom({ urls: entrances.urls, staff, next, over: over.signal });
  const discussions = new Discussions({ site, newsroom, faults, next, over: over.signal });
  closers.push(() => discussions.end());
  await discussions.begin();
  const sampler = new Sampler(nodes[0], site.postgres.url);
  const minutes = hours * 60;
  const warmUp = Math.min(WARM_UP.most, minutes * WARM_UP.share);
  const isWarm = (): boolean => sampler.elapsed >= warmUp;
  const { boards } = discussions;
  const visitors = new Visitors({ nodes, boards, faults, outages, next, over: over.signal, isWarm });
  const visiting = faults.watch('a visitor failed', () => visitors.run());
  const sampling = sampleUntilOver(sampler, {
    every: Math.min(10_000, Math.max(1_000, (minutes * MINUTE) / 400)),
    over: over.signal,
  });
  closers.push(async () => {
    over.abort(new Error('The soak is over.'));
    await Promise.all([visiting, sampling]);
    await sampler.close();
  });

  const longestPause = Math.min(15_000, (lapOf(minutes) * MINUTE) / 12);
  const disturber = new Disturber({ site, discussions, outages, next, over: over.signal, longestPause });
  await runLaps({ site, sampler, discussions, newsroom, disturber, faults, next }, { minutes, log });
  over.abort(new Error('The soak is over.'));
  await Promise.all([visiting, sampling]);
  await finalChecks(site, discussions, faults);
  return {
    readings: sampler.readings.filter(({ at }) => at <= minutes),
    warmUp,
    faults,
    counts: new Map([
      ...[
        ['pages that visitors read', visitors.pages] as const,
        ['visits to live discussions', visitors.visits] as const,
      ],
      ...discussions.results,
      ...disturber.counts,
    ]),
    explained: new Map(site.logs.flatMap(({ explained }) => [...explained])),
  };
}

/** Minutes that one generation of discussions takes. */
function lapOf(minutes: number): number {
  return Math.min(LAP.most, Math.max(LAP.least, minutes / LAP.count));
}

/** Generations of discussions, until the time is over. */
async function runLaps(
  lap: Omit<Lap, 'isWanted'>,
  { minutes, log }: { minutes: number; log: SoakOptions['log'] },
): Promise<void> {
  const { sampler, discussions, faults } = lap;
  while (faults.count <= MOST_FAULTS) {
    const end = Math.min(minutes, sampler.elapsed + lapOf(minutes));
    await runLap({ ...lap, isWanted: () => sampler.elapsed < end });
    log(`${sampler.elapsed.toFixed(1)} of ${minutes.toFixed(1)} minutes, ${faults.count} faults`);
    if (sampler.elapsed >= minutes) return;
    await discussions.retire();
    await discussions.begin();
  }
}

interface Lap {
  site: Site;
  sampler: Sampler;
  discussions: Discussions;
  newsroom: Newsroom;
  disturber: Disturber;
  faults: Faults;
  next: () => number;
  isWanted: () => boolean;
}

/** People use the site while it is disturbed; then all rest, and what they have is compared with what is stored. */
async function runLap({ site, sampler, discussions, newsroom, disturber, faults, next, isWanted }: Lap): Promise<void> {
  discussions.write();
  const editing = async (): Promise<void> => {
    for (; isWanted(); await delay(next() * EDITORS_PAUSE)) await newsroom.work();
  };
  await Promise.all([
    faults.watch('editors failed', editing),
    faults.watch('a disturbance failed', () => disturber.run(isWanted)),
  ]);
  await discussions.rest();
  await faults.watch('a gateway was not ready', () => untilReady(site));
  for (const difference of await newsroom.differences(site.sql)) faults.add('an article differs', difference);
  await discussions.check();
  await sampler.sampleHeap();
}

async function untilReady({ nodes }: Site): Promise<void> {
  const isReady = async (): Promise<boolean> => {
    const answers = await Promise.all(nodes.map(({ url }) => fetch(new URL('/ready', url)).catch(() => null)));
    return answers.every((answer) => answer?.ok);
  };
  await until('every gateway reaches the database', isReady, { limit: 60_000 });
}

async function sampleUntilOver(sampler: Sampler, { every, over }: { every: number; over: AbortSignal }): Promise<void> {
  while (!over.aborted) {
    await sampler.sample();
    await delay(every, undefined, { signal: over }).catch(() => {});
  }
}

/** Kept responses, derived columns and logs are right, and the first gateway has served all the time. */
async function finalChecks(site: Site, discussions: Discussions, faults: Faults): Promise<void> {
  const { nodes, logs, postgres } = site;
  await faults.watch('a kept response differs', () => comparePages(site, discussions.boards));
  const findings = await verify({ url: postgres.url, repair: false });
  for (const finding of findings) faults.add('verify found a difference', JSON.stringify(finding));
  for (const [n, node] of nodes.entries()) {
    if (node.crashes > 0) faults.add('a gateway ended by itself', `Number ${n + 1}, ${node.crashes} times`);
    for (const line of logs[n]!.unexplained) faults.add('an error in the log', `Gateway ${n + 1}: ${line}`);
  }
}
