import pg from 'pg';
import type { PrismaClient } from '../../../prisma/client/client.ts';
import type { Database, Queryable, Statement, Transaction } from '../../../schema/content/context.ts';
import { QueryTimeoutError } from '../../../schema/content/errors.ts';
import { leavesConnectionFit } from '../changed-nothing.ts';
import { type SendStatement, type SentStatement, sendBatch, sendQuery } from '../query.ts';
import { runSerially, runTransaction } from '../transaction.ts';
import type { WorkKind } from './connection-slots.ts';
import { AbortedError, RequestWork, type WorkSource } from './request-work.ts';
import type { RunningStatements } from './running-statements.ts';
import type { ReadersWork, SharedReads } from './shared-reads.ts';
import type { WorkConnections } from './work-connections.ts';

/** SQLSTATE of a serialization failure and of a deadlock: the transaction can be tried again. */
const RETRYABLE = new Set(['40001', '40P01']);
const TRANSACTION_ATTEMPTS = 5;
const QUERY_CANCELED = '57014';

const BEGIN: Statement = { name: 'begin', text: 'BEGIN', values: [] };
const BEGIN_SNAPSHOT: Statement = {
  name: 'begin-snapshot',
  text: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
  values: [],
};

/** Longest run of a statement in milliseconds, by what it does. */
interface StatementLimits {
  search: number;
  read: number;
  other: number;
}

export interface DatabaseParts {
  connections: WorkConnections;
  sharedReads: SharedReads;
  statements: RunningStatements;
  limits: StatementLimits;
  /** The Prisma client for a kind of work. */
  prismaFor(kind: WorkKind): PrismaClient;
}

/** A connection that one transaction holds until it releases it. */
interface HeldConnection {
  client: pg.PoolClient;
  /** With an error, the connection is closed instead of being used again. */
  release(error?: Error): void;
}

interface Sending {
  client: pg.PoolClient;
  work: ReadersWork;
  statement: SentStatement;
}

type Done = (error: Error | null, rows: unknown[][]) => void;

/** The database as one operation uses it: on its share of the connections, and until its client leaves. */
export class RequestDatabase implements Database {
  readonly #parts: DatabaseParts;
  readonly #work: RequestWork;

  constructor(parts: DatabaseParts, source: WorkSource) {
    this.#parts = parts;
    this.#work = new RequestWork(source);
  }

  /** @throws AbortedError when the client has left. Statements that Prisma has begun run to their end */
  get prisma(): PrismaClient {
    this.#work.throwIfAborted();
    return this.#parts.prismaFor(this.#work.kind);
  }

  query<Row extends readonly unknown[]>(statement: Statement): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, rows: unknown[][]): void => {
        if (error) reject(error);
        else resolve(rows as unknown as Row[]);
      };
      if (!this.#share(statement, done)) this.#read(statement, done);
    });
  }

  /** @returns whether the rows come from a read that is shared with others */
  #share(statement: Statement, done: Done): boolean {
    if (!statement.isShareable || statement.isSearch || this.#work.kind !== 'read') return false;
    return this.#parts.sharedReads.add(statement, {
      work: this.#work,
      send: (client, work, sent) =>
        this.#send({ client, work, statement }, (error, rows) => sent(error, rows, isConnectionFit(error))),
      done,
    });
  }

  #read(statement: Statement, done: Done): void {
    const work = this.#work;
    // A search may take seconds whatever it costs, so searches leave most connections to pages.
    const kind = statement.isSearch && work.kind === 'read' ? 'expensive' : work.kind;
    this.#parts.connections.connect(kind, work, (error, client, release) => {
      if (error) return done(error, []);
      this.#send({ client: client!, work, statement }, (failure, rows) => {
        release!(isConnectionFit(failure) ? undefined : failure!);
        done(failure, rows);
      });
    });
  }

  /**
   * Runs work in a transaction on a connection of its own. It runs again when it conflicts with another transaction, and to
   * its end when the client leaves meanwhile.
   */
  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.#change((connection) => runTransaction({ ...connection, begin: BEGIN, send: sendQuery }, work));
  }

  /**
   * Runs statements in a transaction of their own, as above, but sends them together: their locks are held for no round trip.
   * @returns the rows of each
   */
  transactionAtOnce(statements: readonly Statement[]): Promise<unknown[][][]> {
    return this.#change(
      ({ client, release }) =>
        new Promise((resolve, reject) => {
          sendBatch(client, statements, (error, rows) => {
            // After an error of a statement, the server has rolled back and is ready for another.
            release(error && !leavesConnectionFit(error) ? error : undefined);
            if (error) reject(error);
            else resolve(rows);
          });
        }),
    );
  }

  /** Runs work that only reads, in one snapshot of the database. Its statements run one after another. */
  async snapshot<Result>(work: (db: Queryable) => Promise<Result>): Promise<Result> {
    const connection = await this.#connect('snapshot');
    const send: SendStatement = (client, statement, done) => this.#send({ client, work: this.#work, statement }, done);
    return runTransaction({ ...connection, begin: BEGIN_SNAPSHOT, send }, (tx) => runSerially(tx, work));
  }

  beExpensive(): void {
    this.#work.beExpensive();
  }

  async #change<Result>(run: (connection: HeldConnection) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        const connection = await this.#connect('write');
        this.#work.finishInAnyCase();
        return await run(connection);
      } catch (error) {
        if (attempt === TRANSACTION_ATTEMPTS || !RETRYABLE.has((error as { code?: string }).code ?? '')) throw error;
      }
    }
  }

  #connect(kind: WorkKind): Promise<HeldConnection> {
    return new Promise((resolve, reject) => {
      this.#parts.connections.connect(kind, this.#work, (error, client, release) => {
        if (error) reject(error);
        else resolve({ client: client!, release: release! });
      });
    });
  }

  /** Sends a statement on a connection that is held. The connection may be used again once `done` is called. */
  #send({ client, work, statement }: Sending, done: Done): void {
    const { statements } = this.#parts;
    if (work.isAborted) {
      done(new AbortedError('The client no longer waits for the result.'), []);
      return;
    }
    const limit = this.#limitOf(statement);
    const running = statements.begin(client, work, limit);
    sendQuery(client, statement, (error, rows) => {
      statements.end(running, () => done(error && explain(error, { work, statement, limit }), rows));
    });
  }

  #limitOf({ isSearch }: Statement): number {
    const { search, read, other } = this.#parts.limits;
    if (isSearch) return search;
    return this.#work.kind === 'read' || this.#work.kind === 'expensive' ? read : other;
  }
}

/** Why a statement has failed. @param limit milliseconds that it could take */
function explain(error: Error, { work, statement, limit }: Omit<Sending, 'client'> & { limit: number }): Error {
  if ((error as { code?: string }).code !== QUERY_CANCELED) return error;
  if (work.isAborted) return new AbortedError('The client no longer waits for the result.', { cause: error });
  return statement.isSearch ? new QueryTimeoutError(limit / 1_000) : error;
}

/** A cancelled statement leaves its connection as it was. After another error, the pool opens a new one. */
function isConnectionFit(error: Error | null): boolean {
  if (!error || error instanceof QueryTimeoutError) return true;
  const cause = error instanceof AbortedError ? error.cause : error;
  return cause === undefined || (cause instanceof pg.DatabaseError && cause.code === QUERY_CANCELED);
}

/** The pool as Prisma knows it, whose connections are those of one kind of work. */
export function prismaPool(pool: pg.Pool, connections: WorkConnections, kind: 'prisma' | 'staff'): pg.Pool {
  const work = new RequestWork({ kind: 'live', sender: 'prisma' });
  type Callback = (error: Error | undefined, client?: pg.PoolClient, release?: (error?: Error) => void) => void;
  function connect(callback: Callback): void {
    connections.connect(kind, work, (error, client, release) => {
      // The pool sets it anew each time that it gives out the connection.
      if (client) client.release = release as pg.PoolClient['release'];
      callback(error ?? undefined, client, release);
    });
  }
  return Object.create(pool, {
    connect: {
      value(callback?: Callback) {
        if (callback) return connect(callback);
        return new Promise((resolve, reject) =>
          connect((error, client) => {
            if (error) reject(error);
            else resolve(client);
          }),
        );
      },
    },
  }) as pg.Pool;
}
