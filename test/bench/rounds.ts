import type { Job, Load, LoadRequest, Measurement } from './load/load.ts';
import type { Server } from './servers/gateway.ts';
import { type DatabaseTime, processorTime } from './servers/usage.ts';
import { median } from './table.ts';

/** What is asked of one server. */
export interface Target<Name extends string = string> {
  name: Name;
  server: Pick<Server, 'url' | 'pid'>;
  requests: readonly LoadRequest[];
  /** See `Job`. */
  leastBytes: number;
  status?: number;
  /** Something that goes on beside it, for so many seconds. */
  beside?(seconds: number): Promise<void>;
}

export interface Rounds {
  load: Load;
  /** Null where it cannot be read. */
  databaseTime: DatabaseTime | null;
  /** Length of each measurement. */
  seconds: number;
  /** Measurements of each target; medians are returned. */
  rounds: number;
  connections: number;
  /** In the progress. */
  title: string;
}

export interface Measured extends Measurement {
  /** Milliseconds of processor time for 1,000 answers: of the server, and of the database (NaN where it cannot be read). */
  serverTime: number;
  databaseTime: number;
}

/** Seconds of load before anything counts: until the hot paths are compiled and PostgreSQL has settled on its plans. */
const WARM_UP_SECONDS = 6;

/**
 * Measures servers in turns, so that what else the machine does meets all of them.
 * @throws when a request fails under load
 */
export async function measureInTurns<Name extends string>(
  targets: readonly Target<Name>[],
  options: Rounds,
): Promise<Map<Name, Measured>> {
  const { rounds, title } = options;
  for (const target of targets) await measure(target, { ...options, seconds: WARM_UP_SECONDS });
  const measured = new Map<Name, Measured[]>(targets.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const target of targets) measured.get(target.name)!.push(await measure(target, options));
    console.error(`${title}: round ${round} of ${rounds}`);
  }
  const result = new Map([...measured].map(([name, all]) => [name, medians(all)]));
  // A long run that is interrupted has told what it measured so far.
  const rates = [...result].map(([name, { perSecond }]) => `${name} ${Math.round(perSecond)}/s`);
  console.error(`${title}: ${rates.join(', ')}`);
  return result;
}

async function measure(target: Target, { load, databaseTime, connections, seconds }: Rounds): Promise<Measured> {
  const { server, requests, leastBytes, status = 200, beside } = target;
  const times = async () => [await processorTime(server.pid), (await databaseTime?.()) ?? Number.NaN] as const;
  const before = await times();
  const job: Job = { url: server.url, requests, leastBytes, status, connections, seconds };
  const [measurement] = await Promise.all([load.run(job), beside?.(seconds)]);
  const after = await times();
  const forThousand = (milliseconds: number): number => (1000 * milliseconds) / measurement.answers;
  return {
    ...measurement,
    serverTime: forThousand(after[0] - before[0]),
    databaseTime: forThousand(after[1] - before[1]),
  };
}

function medians(all: readonly Measured[]): Measured {
  const of = (key: keyof Measured): number => median(all.map((one) => one[key]));
  return {
    perSecond: of('perSecond'),
    p50: of('p50'),
    p99: of('p99'),
    bytes: of('bytes'),
    answers: of('answers'),
    serverTime: of('serverTime'),
    databaseTime: of('databaseTime'),
  };
}
