import type pg from 'pg';
import type { Queryable, Statement } from '../../schema/content/context.ts';
import { queryable, runCommand, type SendStatement } from './query.ts';

interface TransactionOptions {
  client: pg.PoolClient;
  /** Returns the connection; with an error, it is closed instead of being used again. */
  release(error?: Error): void;
  /** Begins the transaction. It is sent with the first statement of the work. */
  begin: Statement;
  /** Sends the statements of the work. */
  send: SendStatement;
}

/** Runs work in a transaction on a connection of its own, and commits it; rolls back when the work rejects. */
export async function runTransaction<Result>(
  { client, release, begin, send }: TransactionOptions,
  work: (tx: Queryable) => Promise<Result>,
): Promise<Result> {
  let connectionError: Error | undefined;
  const onError = (error: Error): void => {
    connectionError = error;
  };
  client.on('error', onError);
  let hasBegun = false;
  const sendInTransaction: SendStatement = (client, statement, done) => {
    send(client, hasBegun ? statement : { ...statement, begin }, done);
    hasBegun = true;
  };
  try {
    const result = await work(queryable(client, sendInTransaction));
    if (hasBegun) await runCommand(client, 'COMMIT');
    return result;
  } catch (error) {
    if (hasBegun)
      await runCommand(client, 'ROLLBACK').catch((rollbackError: Error) => {
        connectionError = rollbackError;
      });
    throw error;
  } finally {
    client.off('error', onError);
    release(connectionError);
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
