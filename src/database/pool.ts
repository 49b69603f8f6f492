import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../../prisma/client/client.ts';
import type { Database, Queryable, Statement } from '../../schema/content/context.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { closeStalledConnections } from './socket-timeout.ts';

export interface Pool extends Database {
  /** Runs work on a connection of its own inside a transaction: all of it happens, or nothing. */
  transaction<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result>;
  /** Runs work that reads, all of it as the database is at one moment. Its statements run one after another. */
  snapshot<Result>(work: (db: Queryable) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface PoolOptions {
  url: string;
  config: Pick<Config, 'databaseConnections' | 'statementTimeout' | 'connectTimeout'>;
  log: Logger;
  /** Called with the text of every statement sent, those of Prisma included. */
  onStatement?: ((text: string) => void) | undefined;
}

/** PostgreSQL's codes for a transaction that lost to another and may simply be tried again. */
const LOST_TO_ANOTHER = new Set(['40001', '40P01']);
const TRANSACTION_ATTEMPTS = 5;

/** Seconds after which a connection is closed when it is next idle. */
const CONNECTION_LIFETIME = 1_800;

/** Opens the pool that Prisma and the statements written by hand share. Connections are made when they are needed. */
export function openPool({ url, config, log, onStatement }: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: config.databaseConnections,
    connectionTimeoutMillis: config.connectTimeout,
    statement_timeout: config.statementTimeout,
    idle_in_transaction_session_timeout: config.statementTimeout,
    keepAlive: true,
    // A connection keeps every statement it has prepared, and documents can bring new ones for ever.
    maxLifetimeSeconds: CONNECTION_LIFETIME,
    // Statements written by hand are few and their plans do not depend on the values: plan each once a connection.
    // Just-in-time compilation costs more than these statements take.
    options: '-c plan_cache_mode=force_generic_plan -c jit=off -c timezone=UTC',
    ...(onStatement && { Client: watchedClient(onStatement) }),
  });
  // The server cancels a statement at its time; here it is given up a little later, when even that does not come back.
  closeStalledConnections(pool, config.statementTimeout + config.connectTimeout);
  // A connection that breaks while idle is replaced when next needed.
  pool.on('error', (error) => log.error('An idle database connection failed', { err: error }));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  // Writers of one discussion wait for each other holding their connections; half the pool is left for who reads.
  const half = Math.max(1, Math.floor(config.databaseConnections / 2));
  const inTurn = limited(half);
  const oneMomentEach = limited(half);

  return {
    prisma,
    query: (statement) => run(pool, statement),
    async transaction(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await inTurn(() => transact(pool, 'BEGIN', work));
        } catch (error) {
          if (attempt === TRANSACTION_ATTEMPTS || !LOST_TO_ANOTHER.has((error as { code?: string }).code ?? ''))
            throw error;
        }
      }
    },
    snapshot: (work) =>
      oneMomentEach(() =>
        transact(pool, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', (tx) => oneByOne(tx, work)),
      ),
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

/** Runs at most `most` pieces of work at a time, the others after them in the order they came. */
function limited(most: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      // The place is handed on, so that nobody who comes now takes it first.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

async function run<Row extends readonly unknown[]>(
  client: pg.Pool | pg.ClientBase,
  { name, text, values }: Statement,
): Promise<Row[]> {
  const config = { text, values: values as unknown[], rowMode: 'array' as const };
  const { rows } = await answered(client, name ? { ...config, name } : config);
  return rows as unknown as Row[];
}

/**
 * What a statement gives. By pg's own promises it is the same, but V8 then keeps the rows of statements that are long done
 * until it collects the whole heap: a fifth fewer statements a second, and a heap several times the size.
 */
function answered(
  client: pg.Pool | pg.ClientBase,
  statement: string | pg.QueryArrayConfig,
): Promise<pg.QueryArrayResult> {
  return new Promise((resolve, reject) => {
    client.query(statement as pg.QueryArrayConfig, (error: Error | undefined, result: pg.QueryArrayResult) => {
      if (error) reject(error);
      else resolve(result);
    });
  });
}

/**
 * Gives work a connection that takes one statement at a time, and takes it away when the work is done: an operation that
 * has failed is answered before all that it began has ended, and by then the connection is another's.
 */
async function oneByOne<Result>(tx: Queryable, work: (db: Queryable) => Promise<Result>): Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  let isOver = false;
  const query = <Row extends readonly unknown[]>(statement: Statement): Promise<Row[]> => {
    const rows = last.then(() => {
      if (isOver) throw new Error('What is asked after the answer is for nobody.');
      return tx.query<Row>(statement);
    });
    last = rows.catch(() => undefined);
    return rows;
  };
  try {
    return await work({ query });
  } finally {
    isOver = true;
    await last;
  }
}

async function transact<Result>(
  pool: pg.Pool,
  begin: string,
  work: (tx: Queryable) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The pool listens only to those that are idle, and an error that nobody listens to ends the process.
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await answered(client, begin);
    const result = await work({ query: (statement) => run(client, statement) });
    await answered(client, 'COMMIT');
    return result;
  } catch (error) {
    await answered(client, 'ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

function watchedClient(onStatement: (text: string) => void): typeof pg.Client {
  return class extends pg.Client {
    // biome-ignore lint/suspicious/noExplicitAny: pg's query has a dozen overloads, all handed on as they are.
    override query(...args: any[]): any {
      const [first] = args as [string | { text?: string }];
      onStatement(typeof first === 'string' ? first : (first.text ?? ''));
      // biome-ignore lint/suspicious/noExplicitAny: as above.
      return (super.query as any)(...args);
    }
  };
}
