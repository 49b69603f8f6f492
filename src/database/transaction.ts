import type pg from 'pg';
import type { Queryable, Statement } from '../../schema/content/context.ts';
import { query, queryWithCallback } from './query.ts';

/**
 * Runs work in a transaction on a connection of its own, and commits it; rolls back when the work rejects.
 * @param begin the statement that begins the transaction
 */
export async function runTransaction<Result>(
  pool: pg.Pool,
  begin: string,
  work: (tx: Queryable) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let connectionError: Error | undefined;
  // The pool handles errors of idle connections only, and an 'error' event without a listener ends the process.
  const onError = (error: Error): void => {
    connectionError = error;
  };
  client.on('error', onError);
  try {
    await queryWithCallback(client, begin);
    const result = await work({ query: (statement) => query(client, statement) });
    await queryWithCallback(client, 'COMMIT');
    return result;
  } catch (error) {
    await queryWithCallback(client, 'ROLLBACK').catch((rollbackError: Error) => {
      connectionError = rollbackError;
    });
    throw error;
  } finally {
    client.off('error', onError);
    // With an error, the pool closes the connection instead of using it again.
    client.release(connectionError);
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
