import type pg from 'pg';
import type { Statement } from '../../../schema/content/context.ts';
import type { EndedStatement, ObservedClient, StatementAccount } from './observed-client.ts';
import type { RequestWork } from './request-work.ts';
import type { WorkConnections } from './work-connections.ts';

/** Most readers that share an execution. A further one sends the statement alone, from the queue for connections, which has limits. */
const MOST_READERS = 1_000;

/** For whom a statement is sent: it is cancelled when all of them have left. */
export type ReadersWork = Pick<RequestWork, 'isAborted'>;

/** An operation that reads. */
export interface Reader {
  work: RequestWork;
  /** Sends the statement for some readers. @param sent takes the rows, and whether the connection can be used again */
  send(
    client: pg.PoolClient,
    readers: ReadersWork,
    sent: (error: Error | null, rows: unknown[][], isFit: boolean) => void,
  ): void;
  done(error: Error | null, rows: unknown[][]): void;
}

/** Readers of one statement with the same values. */
interface SharedRead {
  key: string;
  /** They have come since the statement was last sent. Each has what leaves the line for a connection, if it waits there. */
  waiting: Map<Reader, (() => void) | null>;
  /** Is about to get a connection, or has one on which the statement is executed; others do not wait for one then. */
  leader: Reader | null;
}

/**
 * Has operations that wait for the same statement with the same values share one execution. It begins after each of them has asked, so
 * all of them read what was committed before. While it runs, others wait for the next one: however many readers a page has, the
 * database reads it once at a time. Each still waits in the line of its own sender, and the first to be served is served for all.
 */
export class SharedReads {
  readonly #connections: WorkConnections;
  readonly #reads = new Map<string, SharedRead>();

  constructor(connections: WorkConnections) {
    this.#connections = connections;
  }

  /** @returns false when so many wait already that the reader has to read alone */
  add(statement: Statement, reader: Reader): boolean {
    const key = `${statement.name} ${JSON.stringify(statement.values)}`;
    let read = this.#reads.get(key);
    if (!read) {
      read = { key, waiting: new Map(), leader: null };
      this.#reads.set(key, read);
    }
    if (read.waiting.size >= MOST_READERS) return false;
    read.waiting.set(reader, null);
    if (!read.leader) this.#connect(read, reader);
    return true;
  }

  #connect(read: SharedRead, reader: Reader): void {
    const leave = this.#connections.connect('read', reader.work, (error, client, release) => {
      if (error) this.#fail(read, reader, error);
      // Served together with another one meanwhile.
      else if (!read.waiting.has(reader)) release!();
      else this.#run(read, { reader, client: client as ObservedClient, release: release! });
    });
    // It may have failed at once.
    if (!read.waiting.has(reader)) return;
    if (leave) read.waiting.set(reader, leave);
    else read.leader = reader;
  }

  #run(
    read: SharedRead,
    { reader, client, release }: { reader: Reader; client: ObservedClient; release: (error?: Error) => void },
  ): void {
    read.leader = reader;
    const readers = this.#take(read);
    if (readers.length > 1) client.account = accountOf(readers);
    reader.send(client, workOf(readers), (error, rows, isFit) => {
      release(isFit ? undefined : error!);
      read.leader = null;
      this.#next(read);
      inTurns(readers, ({ done }) => done(error, rows));
    });
  }

  /** A leader fails for all, since none of them would get a connection. In a line, each waits and fails for itself. */
  #fail(read: SharedRead, reader: Reader, error: Error): void {
    if (!read.waiting.has(reader)) return;
    const failed = read.leader === reader ? this.#take(read) : [reader];
    if (read.leader === reader) read.leader = null;
    read.waiting.delete(reader);
    this.#next(read);
    for (const { done } of failed) done(error, []);
  }

  /** All that wait; they wait no more. */
  #take(read: SharedRead): Reader[] {
    for (const leave of read.waiting.values()) leave?.();
    const readers = [...read.waiting.keys()];
    read.waiting.clear();
    return readers;
  }

  /** Those who came while a statement ran wait for a connection, until one of them is about to get it. */
  #next(read: SharedRead): void {
    for (const [reader, leave] of [...read.waiting]) {
      if (read.leader) return;
      if (!leave && read.waiting.has(reader)) this.#connect(read, reader);
    }
    if (read.waiting.size === 0 && !read.leader) this.#reads.delete(read.key);
  }
}

/**
 * Calls `take` for one reader in each turn of the event loop. If all readers took the rows in the same turn, V8 would copy all of their
 * results into the old generation.
 */
function inTurns(readers: readonly Reader[], take: (reader: Reader) => void, n = 0): void {
  take(readers[n]!);
  if (n + 1 < readers.length) setImmediate(inTurns, readers, take, n + 1);
}

function workOf(readers: readonly Reader[]): ReadersWork {
  const [first] = readers;
  if (readers.length === 1) return first!.work;
  return {
    get isAborted() {
      return readers.every(({ work }) => work.isAborted);
    },
  };
}

/** Each operation accounts for what it has waited for. */
function accountOf(readers: readonly Reader[]): StatementAccount | null {
  const accounts = readers.flatMap(({ work: { account } }) => account ?? []);
  if (accounts.length === 0) return null;
  return {
    requestId: accounts[0]!.requestId,
    addStatement(statement: EndedStatement) {
      for (const account of accounts) account.addStatement(statement);
    },
  };
}
