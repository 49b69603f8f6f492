import pg from 'pg';
import type { Queryable, Statement, Transaction } from '../../schema/content/context.ts';
import { leavesConnectionFit } from './changed-nothing.ts';
import { type QueuedStatement, runCommand, type SendStatement } from './query.ts';

interface TransactionOptions {
  client: pg.PoolClient;
  /** Returns the connection; with an error, it is closed instead of being used again. */
  release(error?: Error): void;
  /** Begins the transaction. It is sent with the first statement of the work. */
  begin: Statement;
  /** Sends the statements of the work. */
  send: SendStatement;
}

const COMMIT: Statement = { name: 'commit', text: 'COMMIT', values: [] };

/** Runs work in a transaction on a connection of its own, and commits it; rolls back when the work rejects. */
export async function runTransaction<Result>(
  { release, ...options }: TransactionOptions,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  const { client } = options;
  let connectionError: Error | undefined;
  const onError = (error: Error): void => {
    connectionError = error;
  };
  client.on('error', onError);
  const tx = new OpenTransaction(options);
  try {
    const result = await work(tx);
    await tx.commit();
    return result;
  } catch (error) {
    await tx.rollBack().catch((rollbackError: Error) => {
      connectionError = rollbackError;
    });
    if (error instanceof pg.DatabaseError && !leavesConnectionFit(error)) connectionError = error;
    throw error;
  } finally {
    client.off('error', onError);
    release(connectionError);
  }
}

class OpenTransaction implements Transaction {
  readonly #client: pg.PoolClient;
  readonly #send: SendStatement;
  /** Statements that are sent with the next one. */
  #queue: QueuedStatement[];
  #hasBegun = false;

  constructor({ client, begin, send }: Omit<TransactionOptions, 'release'>) {
    this.#client = client;
    this.#send = send;
    this.#queue = [begin];
  }

  enqueue<Row extends readonly unknown[]>(statement: Statement, read?: (rows: Row[]) => void): void {
    this.#queue.push(read ? { ...statement, read } : statement);
  }

  query<Row extends readonly unknown[]>(statement: Statement): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      const before = this.#queue;
      this.#queue = [];
      this.#hasBegun = true;
      this.#send(this.#client, before.length > 0 ? { ...statement, before } : statement, (error, rows) => {
        if (error) reject(error);
        else resolve(rows as unknown as Row[]);
      });
    });
  }

  async commit(): Promise<void> {
    if (this.#queue.length > (this.#hasBegun ? 0 : 1)) await this.query(COMMIT);
    else if (this.#hasBegun) await runCommand(this.#client, 'COMMIT');
  }

  async rollBack(): Promise<void> {
    if (this.#hasBegun) await runCommand(this.#client, 'ROLLBACK');
  }
}

/**
 * Runs work with a connection that takes one statement at a time, and refuses statements once the work has ended. An
 * operation that fails ends before all its resolvers have, and by then the connection serves another request.
 */
export async function runSerially<Result>(tx: Queryable, work: (db: Queryable) => Promise<Result>): Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  let hasEnded = false;
  const queryInOrder = <Row extends readonly unknown[]>(statement: Statement): Promise<Row[]> => {
    const rows = last.then(() => {
      if (hasEnded) throw new Error('The snapshot has ended: a statement was sent after the operation was answered.');
      return tx.query<Row>(statement);
    });
    last = rows.catch(() => undefined);
    return rows;
  };
  try {
    return await work({ query: queryInOrder });
  } finally {
    hasEnded = true;
    await last;
  }
}
