import type { Change, ChangeAtOnce, Database, Queryable, Statement } from '../../schema/content/context.ts';
import type { SnapshotDatabase } from './operation.ts';

interface OpenSnapshot {
  reader: Promise<Queryable>;
  end(): Promise<void>;
}

/**
 * The database of a mutation whose payload names a position in the log: what is read after a change is read in one snapshot,
 * which begins after the commit. Fields of a mutation run one after another, each with a snapshot of its own.
 */
export class PayloadSnapshots implements Database {
  readonly #db: SnapshotDatabase;
  #isReadingPayload = false;
  #snapshot: OpenSnapshot | null = null;
  /** Snapshots of fields before; each ends before anything else is sent. */
  #ended: Promise<void> = Promise.resolve();

  constructor(db: SnapshotDatabase) {
    this.#db = db;
  }

  get prisma(): Database['prisma'] {
    return this.#db.prisma;
  }

  async query<Row extends readonly unknown[]>(statement: Statement): Promise<Row[]> {
    if (!this.#isReadingPayload) return this.#db.query<Row>(statement);
    this.#snapshot ??= this.#open();
    return (await this.#snapshot.reader).query<Row>(statement);
  }

  /** Begins the snapshot that all later reads see. */
  beginPayload(): void {
    this.#release();
    this.#isReadingPayload = true;
  }

  /** The connection of a snapshot is returned first: a change that waited with one could wait for its like. */
  changing(change: Change): Change {
    return async (work) => {
      await this.end();
      return change(work);
    };
  }

  changingAtOnce(change: ChangeAtOnce): ChangeAtOnce {
    return async (statements) => {
      await this.end();
      return change(statements);
    };
  }

  async end(): Promise<void> {
    this.#release();
    await this.#ended;
  }

  #release(): void {
    this.#isReadingPayload = false;
    const snapshot = this.#snapshot;
    this.#snapshot = null;
    if (snapshot) this.#ended = snapshot.end();
  }

  #open(): OpenSnapshot {
    const before = this.#ended;
    let end = (): void => {};
    const isOver = new Promise<void>((resolve) => {
      end = resolve;
    });
    let running: Promise<void> = Promise.resolve();
    const reader = new Promise<Queryable>((resolve, reject) => {
      running = before
        .then(() =>
          this.#db.snapshot(async (tx) => {
            resolve(tx);
            await isOver;
          }),
        )
        .catch(reject);
    });
    return {
      reader,
      end() {
        end();
        return running;
      },
    };
  }
}
