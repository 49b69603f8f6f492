import type pg from 'pg';
import type { Statement } from '../../schema/content/context.ts';
import { preparedStatementsOf } from './prepared-statements.ts';
import { StatementBatch } from './statement-batch.ts';

/** A statement that is sent with a later one. */
export interface QueuedStatement extends Statement {
  read?: ((rows: never[]) => void) | undefined;
}

/** A statement, with those that are executed before it in the same round trip. */
export interface SentStatement extends Statement {
  before?: readonly QueuedStatement[];
}

/** Calls back with the rows of a statement, each an array of its columns. */
export type SendStatement = (
  client: pg.PoolClient,
  statement: SentStatement,
  done: (error: Error | null, rows: unknown[][]) => void,
) => void;

/**
 * The length of all texts that a connection has prepared. PostgreSQL keeps their plans as long as the connection, some 20
 * bytes for each character.
 */
export function preparedLength(client: pg.PoolClient): number {
  return preparedStatementsOf(client).length;
}

/**
 * Sends a statement with a callback. With pg's own promises, V8 keeps the rows of finished statements until it collects the whole
 * heap: measured, a fifth fewer statements per second, and a heap several times the size.
 */
export const sendQuery: SendStatement = (client, { before = [], ...statement }, done) => {
  sendBatch(client, [...before, statement], (error, rows) => {
    const failure = error ?? readRows(before, rows);
    done(failure, failure ? [] : rows[before.length]!);
  });
};

/** @returns what a reader of the rows has thrown: nothing may be thrown into pg */
function readRows(statements: readonly QueuedStatement[], rows: readonly unknown[][][]): Error | null {
  try {
    for (const [i, { read }] of statements.entries()) read?.(rows[i] as never[]);
    return null;
  } catch (error) {
    return error as Error;
  }
}

/** Sends statements together; see StatementBatch. */
export function sendBatch(
  client: pg.PoolClient,
  statements: readonly Statement[],
  done: (error: Error | null, rows: unknown[][][]) => void,
): void {
  client.query(new StatementBatch(client, statements, done));
}

/** Runs a statement without parameters. */
export function runCommand(client: pg.PoolClient, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(text, (error: Error | undefined) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
