import pg from 'pg';
import { StatementBatch } from '../statement-batch.ts';
import type { WorkKind } from './connection-slots.ts';

/** A statement that has ended, or several that were sent together. */
export interface EndedStatement {
  texts: readonly string[];
  /** The share of the connections that it used. */
  share: WorkKind;
  /** By `performance.now()`. */
  begun: number;
  milliseconds: number;
  /** Rows that were returned. */
  rows: number;
  error: Error | null;
  /** Of the operation that it belongs to; null for the gateway's own work, and for Prisma's statements. */
  account: StatementAccount | null;
}

/** What the statements of one operation took. */
export interface StatementAccount {
  readonly requestId: string;
  addStatement(statement: EndedStatement): void;
}

export interface StatementObserver {
  /** Called with the texts of the statements of each round trip before they are sent, including those of Prisma. */
  onStatements?: ((texts: readonly string[]) => void) | undefined;
  onStatementEnd?: ((statement: EndedStatement) => void) | null;
}

/** A connection of the pool, which knows for what it is used at present. */
export interface ObservedClient extends pg.PoolClient {
  share: WorkKind;
  account: StatementAccount | null;
}

type Ended = (error: Error | null, rows: number) => void;

/** The class of the pool's connections: each statement is sent by its `query`, also those of Prisma and COMMIT. */
export function createObservedClient({ onStatements, onStatementEnd }: StatementObserver): typeof pg.Client {
  return class extends pg.Client {
    share: WorkKind = 'live';
    account: StatementAccount | null = null;

    // biome-ignore lint/suspicious/noExplicitAny: pg's query has a dozen overloads, all passed on unchanged.
    override query(...args: any[]): any {
      const [first] = args as [string | { text: string } | StatementBatch];
      const texts = textsOf(first);
      onStatements?.(texts);
      const { share, account } = this;
      const begun = performance.now();
      const ended: Ended = (error, rows) => {
        const milliseconds = performance.now() - begun;
        const statement = { texts, share, begun, milliseconds, rows, error, account };
        account?.addStatement(statement);
        onStatementEnd?.(statement);
      };
      if (first instanceof StatementBatch) first.onEnd = ended;
      else {
        const last = args.length - 1;
        if (typeof args[last] === 'function') args[last] = reporting(args[last], ended);
        // Of Prisma, which awaits a promise.
        // biome-ignore lint/suspicious/noExplicitAny: as above.
        else return reportingPromise((super.query as any)(...args), ended);
      }
      // biome-ignore lint/suspicious/noExplicitAny: as above.
      return (super.query as any)(...args);
    }
  };
}

function textsOf(query: string | { text: string } | StatementBatch): string[] {
  if (query instanceof StatementBatch) return query.statements.map(({ text }) => text);
  return [typeof query === 'string' ? query : query.text];
}

type Callback = (error: Error | null, result: pg.QueryArrayResult) => void;

function reporting(done: Callback, ended: Ended): Callback {
  return (error, result) => {
    ended(error ?? null, rowsOf(result));
    done(error, result);
  };
}

function reportingPromise(result: Promise<pg.QueryArrayResult>, ended: Ended): Promise<pg.QueryArrayResult> {
  result.then(
    (rows) => ended(null, rowsOf(rows)),
    (error) => ended(error, 0),
  );
  return result;
}

function rowsOf(result: pg.QueryArrayResult | undefined): number {
  return result?.rows?.length ?? 0;
}
