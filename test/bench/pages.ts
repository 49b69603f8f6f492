import type pg from 'pg';
import { answerOf } from './answers.ts';
import { CONSTANT, type Contest, LIMIT, type Limit, targetsOf } from './contest.ts';
import { openDatabase } from './database.ts';
import { connect, copyDatabase } from './database-copy.ts';
import { startLoad } from './load/load.ts';
import { type Opening, whileOpen } from './opening.ts';
import { OPERATIONS } from './operations/index.ts';
import { bodiesOf, type Operation } from './operations/operation.ts';
import { type Measured, measureInTurns } from './rounds.ts';
import { startConstant, startOneStatement } from './servers/baselines.ts';
import { countStatements } from './servers/counter.ts';
import { HOLDS_NOTHING, startGateway } from './servers/gateway.ts';
import { databaseTimeOf } from './servers/usage.ts';
import { describePages } from './setting.ts';
import { median, table } from './table.ts';

export interface MeasureOptions {
  /** Length of each measurement. */
  seconds: number;
  /** Measurements of each server for each operation; the medians are shown. */
  rounds: number;
  connections: number;
  /** Names of the operations to measure; empty for all. */
  only: readonly string[];
}

export interface PagesOptions extends MeasureOptions {
  /** False measures the baselines alone. */
  gateway: boolean;
}

/** Statements are counted over so many requests, after as many that open connections and fill caches. */
const COUNTED_REQUESTS = 5;

/**
 * Measures what a site asks for on the gateway, on one statement and on a constant body, in turns, and prints a table. The
 * gateway keeps no responses: each is made.
 * @throws when the gateway and the statement answer differently, and when a request fails under load
 */
export async function measurePages(options: PagesOptions): Promise<void> {
  const chosen = choose(options.only);
  await whileOpen(async (opening) => {
    const { url, client } = await openFor(chosen, opening);
    const contest: Contest<'gateway'> = {
      limit: await opening(startOneStatement(url)),
      constant: await opening(startConstant()),
      others: options.gateway ? [{ name: 'gateway', server: await opening(startGateway(url, [], HOLDS_NOTHING)) }] : [],
    };
    const load = await opening(startLoad());
    const databaseTime = await databaseTimeOf(client);

    console.log(`${await describePages(client, options)}\n`);
    const rows: string[][] = [];
    for (const operation of chosen) {
      const targets = await targetsOf(operation, contest, client);
      const statements = options.gateway ? await statementsOf(url, await bodiesOf(operation, client)) : null;
      const measured = await measureInTurns(targets, { ...options, load, databaseTime, title: operation.name });
      rows.push(...rowsOf(operation, measured, statements));
    }
    console.log(
      table(['operation', 'server', 'requests/s', 'p50 ms', 'p99 ms', 'of one statement', 'SQL', 'kB'], rows),
    );
  });
}

/** The operations with these names; all when there are none. */
export function choose(only: readonly string[]): readonly Operation[] {
  const unknown = only.filter((name) => !OPERATIONS.some((operation) => operation.name === name));
  if (unknown.length > 0) throw new Error(`There is no operation called ${unknown.join(', ')}.`);
  return OPERATIONS.filter(({ name }) => only.length === 0 || only.includes(name));
}

/** The seeded database, or a copy of it when something is to be written. */
export async function openFor(
  operations: readonly Operation[],
  opening: Opening,
): Promise<{ url: string; client: pg.Client }> {
  const original = await opening(openDatabase(console.log));
  if (operations.some(({ writes }) => writes)) return copyDatabase(opening, original);
  const { client } = await opening(connect(original.url));
  return { url: original.url, client };
}

/** Statements that the gateway runs for one request of an operation; the median, since it may do things of its own. */
async function statementsOf(databaseUrl: string, bodies: readonly string[]): Promise<number> {
  const counter = await countStatements(databaseUrl);
  try {
    const gateway = await startGateway(counter.url, [], HOLDS_NOTHING);
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

function rowsOf(
  operation: Operation,
  measured: ReadonlyMap<'gateway' | Limit, Measured>,
  statements: number | null,
): string[][] {
  const limit = measured.get(LIMIT)!.perSecond;
  const sql = { gateway: String(statements), [LIMIT]: '1', [CONSTANT]: '0' };
  return [...measured].map(([name, { perSecond, p50, p99, bytes }]) => [
    operation.name,
    name,
    Math.round(perSecond).toLocaleString('en'),
    p50.toFixed(1),
    p99.toFixed(1),
    name === 'gateway' ? `${((100 * perSecond) / limit).toFixed(0)}%` : '',
    sql[name],
    (bytes / 1000).toFixed(1),
  ]);
}
