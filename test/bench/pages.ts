import pg from 'pg';
import { answerOf, compareAnswers } from './answers.ts';
import { openDatabase } from './database.ts';
import { type Load, type Measurement, startLoad } from './load/load.ts';
import { whileOpen } from './opening.ts';
import { OPERATIONS } from './operations/index.ts';
import { bodiesOf, type Operation } from './operations/operation.ts';
import { type ConstantServer, startConstant, startOneStatement } from './servers/baselines.ts';
import { countStatements } from './servers/counter.ts';
import { type Server, startGateway } from './servers/gateway.ts';
import { describeMachine } from './setting.ts';
import { median, table } from './table.ts';

export interface PagesOptions {
  /** Length of each measurement. */
  seconds: number;
  /** Measurements of each server for each operation; the medians are shown. */
  rounds: number;
  connections: number;
  /** Names of the operations to measure; empty for all. */
  only: readonly string[];
  /** False measures the baselines alone. */
  gateway: boolean;
}

/** Seconds of load before anything counts: until the hot paths are compiled and PostgreSQL has settled on its plans. */
const WARM_UP_SECONDS = 2;

/** Statements are counted over so many requests, after as many that open connections and fill caches. */
const COUNTED_REQUESTS = 5;

/** An answer shorter than this part of the shortest right one is an error; the servers space their JSON differently. */
const LEAST_PART = 0.75;

interface Servers {
  gateway: Server | null;
  limit: Server;
  constant: ConstantServer;
}

/**
 * Measures the pages that a site is made of on the gateway, on one statement and on a constant body, in turns, and
 * prints a table.
 * @throws when the gateway and the statement answer differently, and when a request fails under load
 */
export async function measurePages(options: PagesOptions): Promise<void> {
  const unknown = options.only.filter((name) => !OPERATIONS.some((operation) => operation.name === name));
  if (unknown.length > 0) throw new Error(`There is no operation called ${unknown.join(', ')}.`);
  const chosen = OPERATIONS.filter(({ name }) => options.only.length === 0 || options.only.includes(name));
  await whileOpen(async (opening) => {
    const { url } = await opening(openDatabase(console.log));
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await opening({ stop: () => client.end() });
    const servers: Servers = {
      gateway: options.gateway ? await opening(startGateway(url)) : null,
      limit: await opening(startOneStatement(url)),
      constant: await opening(startConstant()),
    };
    const load = await opening(startLoad());

    console.log(`${await setting(client, options)}\n`);
    const rows: string[][] = [];
    for (const operation of chosen) {
      const bodies = await bodiesOf(operation, client);
      const statements = options.gateway ? await statementsOf(url, bodies) : null;
      const measured = await measure({ operation, bodies, servers, load }, options);
      rows.push(...rowsOf(operation, measured, statements));
    }
    console.log(
      table(['operation', 'server', 'requests/s', 'p50 ms', 'p99 ms', 'of one statement', 'SQL', 'kB'], rows),
    );
  });
}

type ServerName = 'gateway' | 'one statement' | 'constant body';
type Measured = Map<ServerName, Measurement>;

interface Subject {
  operation: Operation;
  bodies: readonly string[];
  servers: Servers;
  load: Load;
}

async function measure({ operation, bodies, servers, load }: Subject, options: PagesOptions): Promise<Measured> {
  const { gateway, limit, constant } = servers;
  const answers = await Promise.all(bodies.map((body) => answerOf(limit.url, body)));
  const bytes = answers.map((answer) => Buffer.byteLength(answer)).sort((a, b) => a - b);
  if (gateway) await compareAnswers(gateway.url, limit.url, bodies);
  await constant.say(answers.find((answer) => Buffer.byteLength(answer) === bytes[Math.floor(bytes.length / 2)])!);

  const targets: [ServerName, string][] = [
    ['one statement', limit.url],
    ['constant body', constant.url],
  ];
  if (gateway) targets.unshift(['gateway', gateway.url]);
  const { connections, seconds } = options;
  const job = { bodies, connections, leastBytes: LEAST_PART * bytes[0]! };
  for (const [, url] of targets) await load.run({ ...job, url, seconds: WARM_UP_SECONDS });

  const rounds = new Map<ServerName, Measurement[]>(targets.map(([name]) => [name, []]));
  for (let round = 1; round <= options.rounds; round++) {
    for (const [name, url] of targets) rounds.get(name)!.push(await load.run({ ...job, url, seconds }));
    console.error(`${operation.name}: round ${round} of ${options.rounds}`);
  }
  return new Map([...rounds].map(([name, all]) => [name, medians(all)]));
}

function medians(all: readonly Measurement[]): Measurement {
  const of = (key: keyof Measurement): number => median(all.map((one) => one[key]));
  return { perSecond: of('perSecond'), p50: of('p50'), p99: of('p99'), bytes: of('bytes') };
}

/** Statements that the gateway runs for one request of an operation; the median, since it may do things of its own. */
async function statementsOf(databaseUrl: string, bodies: readonly string[]): Promise<number> {
  const counter = await countStatements(databaseUrl);
  try {
    const gateway = await startGateway(counter.url);
    try {
      const counts: number[] = [];
      for (let i = 0; i < 2 * COUNTED_REQUESTS; i++) {
        const before = counter.count();
        await answerOf(gateway.url, bodies[i % bodies.length]!);
        if (i >= COUNTED_REQUESTS) counts.push(counter.count() - before);
      }
      return median(counts);
    } finally {
      await gateway.stop();
    }
  } finally {
    await counter.stop();
  }
}

function rowsOf(operation: Operation, measured: Measured, statements: number | null): string[][] {
  const limit = measured.get('one statement')!.perSecond;
  return [...measured].map(([name, { perSecond, p50, p99, bytes }]) => [
    operation.name,
    name,
    Math.round(perSecond).toLocaleString('en'),
    p50.toFixed(1),
    p99.toFixed(1),
    name === 'gateway' ? `${((100 * perSecond) / limit).toFixed(0)}%` : '',
    name === 'gateway' ? String(statements) : name === 'one statement' ? '1' : '0',
    (bytes / 1000).toFixed(1),
  ]);
}

async function setting(client: pg.Client, { connections, rounds, seconds }: PagesOptions): Promise<string> {
  const { rows } = await client.query<{ comments: number }>('SELECT count(*)::int AS comments FROM comment');
  return `${await describeMachine(client)}
${rows[0]?.comments.toLocaleString('en')} comments; ${connections} connections; medians of ${rounds} rounds of ${seconds} s.`;
}
