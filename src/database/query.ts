import type pg from 'pg';
import type { Statement } from '../../schema/content/context.ts';
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

/** The names of the statements that a connection has prepared, with the length of their texts in UTF-16 code units. */
const prepared = new WeakMap<pg.PoolClient, { names: Set<string>; length: number }>();

/**
 * The length of all texts that a connection has prepared. PostgreSQL keeps their plans as long as the connection, some 20
 * bytes for each character.
 */
export function preparedLength(client: pg.PoolClient): number {
  return prepared.get(client)?.length ?? 0;
}

function countPrepared(client: pg.PoolClient, name: string, text: string): void {
  let statements = prepared.get(client);
  if (!statements) {
    statements = { names: new Set(), length: 0 };
    prepared.set(client, statements);
  }
  if (statements.names.has(name)) return;
  statements.names.add(name);
  statements.length += text.length;
}

/**
 * Sends a statement by pg's callbacks. pg's own promises give the same result, but V8 then keeps the rows of finished
 * statements until it collects the whole heap: measured, a fifth fewer statements per second, and a heap several times
 * the size.
 */
export const sendQuery: SendStatement = (client, statement, done) => {
  const { before = [], name, text, values } = statement;
  if (before.length > 0) {
    sendBatch(client, [...before, statement], (error, rows) => {
      const failure = error ?? readRows(before, rows);
      done(failure, failure ? [] : rows[before.length]!);
    });
    return;
  }
  const config = { text, values: values as unknown[], rowMode: 'array' as const };
  if (name) countPrepared(client, name, text);
  client.query(
    (name ? { ...config, name } : config) as pg.QueryArrayConfig,
    (error: Error | undefined, result: pg.QueryArrayResult) => {
      if (error) done(error, []);
      else done(null, result.rows);
    },
  );
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
  for (const { name, text } of statements) if (name) countPrepared(client, name, text);
  client.query(new StatementBatch(statements, done));
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
