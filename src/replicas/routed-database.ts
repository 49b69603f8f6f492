import pg from 'pg';
import type { PrismaClient } from '../../prisma/client/client.ts';
import type { Queryable, Statement, Transaction } from '../../schema/content/context.ts';
import { writesOf } from '../../schema/content/dependencies.ts';
import { QueryTimeoutError } from '../../schema/content/errors.ts';
import { decodeEventCursor } from '../../schema/content/event-cursor.ts';
import type { RequestIdentity } from '../auth/index.ts';
import { AbortedError, OverloadedError, type RequestDatabase, type WorkSource } from '../database/index.ts';
import type { ReplicaReading, SnapshotDatabase } from '../execution/index.ts';
import type { ChosenReplica, Replicas } from './replicas.ts';

export interface RoutedDatabaseOptions {
  primary: RequestDatabase;
  replicas: Replicas;
  source: WorkSource;
  identity: RequestIdentity;
}

/**
 * The database of one operation: changes, and whatever is read beside them, use the primary. A query reads from a replica that has
 * all that its sender has written, or else from the primary.
 */
export class RoutedDatabase implements SnapshotDatabase {
  readonly #options: RoutedDatabaseOptions;
  readonly #writes: number;
  #reading: ReplicaReading | null = null;
  #chosen: Promise<ChosenReplica | null> | null = null;
  #isExpensive = false;
  #isCounted = false;

  constructor(options: RoutedDatabaseOptions) {
    this.#options = options;
    const { viewer, address } = options.identity;
    this.#writes = writesOf(viewer ? viewer.author.id : address);
  }

  get prisma(): PrismaClient {
    return this.#options.primary.prisma;
  }

  readFromReplica(reading: ReplicaReading): void {
    this.#reading = reading;
  }

  query<Row extends readonly unknown[]>(statement: Statement): Promise<Row[]> {
    return this.#read((database) => database.query<Row>(statement));
  }

  snapshot<Result>(work: (db: Queryable) => Promise<Result>): Promise<Result> {
    return this.#read((database) => database.snapshot(work));
  }

  beExpensive(): void {
    this.#isExpensive = true;
    this.#options.primary.beExpensive();
  }

  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.#options.primary.transaction(async (tx) => {
      const result = await work(tx);
      tx.enqueue(this.noteWrites());
      return result;
    });
  }

  transactionAtOnce(statements: readonly Statement[]): Promise<unknown[][][]> {
    return this.#options.primary.transactionAtOnce([...statements, this.noteWrites()]);
  }

  /** Has all gateways know, once it is committed, that a replica may lack what the sender has written. */
  noteWrites(): Statement {
    return {
      name: 'note-writes',
      text: 'INSERT INTO content_change (subject) VALUES ($1) ON CONFLICT DO NOTHING',
      values: [this.#writes],
    };
  }

  async #read<Result>(run: (database: RequestDatabase) => Promise<Result>): Promise<Result> {
    const { primary } = this.#options;
    if (!this.#reading) return run(primary);
    this.#chosen ??= this.#choose(this.#reading);
    const chosen = await this.#chosen;
    if (!chosen) {
      this.#count('primary');
      return run(primary);
    }
    try {
      const result = await run(chosen.database);
      this.#count('replica');
      return result;
    } catch (error) {
      if (!isFaultOfServer(error)) throw error;
      chosen.leaveOut(error);
      this.#chosen = Promise.resolve(null);
      this.#count('primary');
      return run(primary);
    }
  }

  #count(server: 'primary' | 'replica'): void {
    if (this.#isCounted) return;
    this.#isCounted = true;
    this.#options.replicas.totals[server] += 1;
  }

  async #choose({ seen, mustBeCurrent, onOld }: ReplicaReading): Promise<ChosenReplica | null> {
    const { replicas, source } = this.#options;
    const chosen = await replicas.choose(source, {
      writes: this.#writes,
      mustBeCurrent,
      hasSeen: (database) => hasSeen(database, seen),
    });
    if (!chosen) return null;
    if (!chosen.isCurrent) onOld();
    if (this.#isExpensive) chosen.database.beExpensive();
    return chosen;
  }
}

/** Whether the log of an article has the event of a cursor. A text that is no cursor names nothing. */
async function hasSeen(database: RequestDatabase, cursor: string | null): Promise<boolean> {
  const position = cursor === null ? null : decodeEventCursor(cursor);
  if (!position) return true;
  const { articleId, epoch, sequence } = position;
  const rows = await database.query({
    name: 'replica-has-event',
    text: 'SELECT FROM article WHERE id = $1 AND (event_epoch, event_sequence) >= ($2::int, $3::int)',
    values: [articleId, epoch, sequence],
  });
  return rows.length > 0;
}

/**
 * The connection was lost, or the server ends, has no room, or has cancelled a statement because of what it replays; or a pooler
 * before it has lost a prepared statement, or has one of another connection.
 */
function isFaultOfServer(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(57P|08|53|40001$|25006$|26000$|42P05$)/.test(error.code ?? '');
  return (
    error instanceof Error &&
    !(error instanceof AbortedError || error instanceof OverloadedError || error instanceof QueryTimeoutError)
  );
}
