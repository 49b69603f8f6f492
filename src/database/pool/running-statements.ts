import pg from 'pg';
import { closeStalledConnections } from '../socket-timeout.ts';
import type { RequestWork } from './request-work.ts';
import { type InLine, WaitingLine } from './waiting-line.ts';

/** Milliseconds between looks for statements to cancel. Most have ended by the next one. */
const CHECK_INTERVAL = 250;
/** Milliseconds after which the connection that cancels is closed. */
const IDLE_TIMEOUT = 10_000;

/** A statement that a connection executes. */
export interface RunningStatement extends InLine<RunningStatement> {
  readonly processId: number;
  /** Cancelled when its client has left. */
  readonly work: Pick<RequestWork, 'isAborted'>;
  /** By `performance.now()`. */
  readonly deadline: number;
  /** Resolves when the server has taken the request to cancel it; null while there is none. */
  cancelled: Promise<void> | null;
  /** It was cancelled and still runs: the server ignores a request that arrives before the statement. It is sent again. */
  isUnwanted: boolean;
  hasEnded: boolean;
}

/**
 * Cancels statements: of clients that have left, and those past the time of their kind. A timeout of the session would
 * need a statement for each change of the kind.
 */
export class RunningStatements {
  /** Not a Set, as in waiting-line.ts. */
  readonly #running = new WaitingLine<RunningStatement>();
  /** A connection apart from the others, which may all be busy with what is to be cancelled. */
  readonly #pool: pg.Pool;
  #toCancel: number[] = [];
  #next: Promise<void> | null = null;
  readonly #checking: NodeJS.Timeout;

  constructor(options: pg.PoolConfig & { connectionTimeoutMillis: number }) {
    this.#pool = new pg.Pool({ ...options, max: 1, idleTimeoutMillis: IDLE_TIMEOUT });
    // Statements end only after the request to cancel them has, and it takes less than a new connection does.
    closeStalledConnections(this.#pool, options.connectionTimeoutMillis);
    this.#pool.on('error', () => {});
    this.#checking = setInterval(() => this.#cancelUnwanted(), CHECK_INTERVAL).unref();
  }

  /** @param limit milliseconds that it may run */
  begin(client: pg.PoolClient, work: RunningStatement['work'], limit: number): RunningStatement {
    const { processID } = client as unknown as { processID: number };
    const statement: RunningStatement = {
      processId: processID,
      work,
      deadline: performance.now() + limit,
      cancelled: null,
      isUnwanted: false,
      hasEnded: false,
      before: null,
      after: null,
    };
    this.#running.add(statement);
    return statement;
  }

  /**
   * Calls `done` when the connection may execute another statement: a request to cancel must have reached the server
   * before that, or it would cancel the next statement.
   */
  end(statement: RunningStatement, done: () => void): void {
    this.#running.remove(statement);
    statement.hasEnded = true;
    if (statement.cancelled) statement.cancelled.then(done);
    else done();
  }

  #cancel(statement: RunningStatement): void {
    if (statement.hasEnded || statement.cancelled) return;
    this.#toCancel.push(statement.processId);
    this.#next ??= this.#sendNext();
    statement.cancelled = this.#next.then(() => {
      statement.cancelled = null;
      statement.isUnwanted = true;
    });
  }

  async close(): Promise<void> {
    clearInterval(this.#checking);
    await this.#pool.end();
  }

  /** One request for all that are cancelled at one look. */
  async #sendNext(): Promise<void> {
    await Promise.resolve();
    const processIds = this.#toCancel;
    this.#toCancel = [];
    this.#next = null;
    // A server that takes no connection ends the statement by its own timeout.
    await this.#pool
      .query('SELECT count(pg_cancel_backend(id)) FROM unnest($1::int[]) AS id', [processIds])
      .catch(() => {});
  }

  #cancelUnwanted(): void {
    const now = performance.now();
    for (let statement = this.#running.first; statement; statement = statement.after)
      if (statement.isUnwanted || statement.work.isAborted || statement.deadline < now) this.#cancel(statement);
  }
}
