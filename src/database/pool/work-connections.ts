import type pg from 'pg';
import { preparedLength } from '../query.ts';
import { ConnectionSlots, type WorkKind } from './connection-slots.ts';
import type { RequestWork } from './request-work.ts';

/**
 * Most that a connection may have prepared, in UTF-16 code units: some 10 MB of PostgreSQL's memory. The documents of front
 * ends need a tenth of it; only ever new documents fill it.
 */
const MAX_PREPARED_LENGTH = 500_000;

type Connected = (error: Error | null, client?: pg.PoolClient, release?: (error?: Error) => void) => void;

/** The pool's connections, each given to one kind of work at a time in the order of `ConnectionSlots`. */
export class WorkConnections {
  readonly #pool: pg.Pool;
  readonly #slots: ConnectionSlots;

  constructor(pool: pg.Pool, total: number) {
    this.#pool = pool;
    this.#slots = new ConnectionSlots(total);
  }

  get waiting(): number {
    return this.#slots.waiting;
  }

  /** Calls `then` with a connection, or with an OverloadedError, an AbortedError or the failure to connect. */
  connect(kind: WorkKind, work: RequestWork, then: Connected): void {
    try {
      work.throwIfAborted();
      if (this.#slots.tryTake(kind)) this.#checkOut(kind, then);
      else this.#wait(kind, work, then);
    } catch (error) {
      then(error as Error);
    }
  }

  close(): void {
    this.#slots.close();
  }

  #wait(kind: WorkKind, work: RequestWork, then: Connected): void {
    const waiting = this.#slots.wait(kind, work.sender, (error) => {
      forget();
      if (error) then(error);
      else this.#checkOut(kind, then);
    });
    const forget = work.onAbort(() => {
      forget();
      if (this.#slots.leave(waiting)) this.connect(kind, work, then);
    });
  }

  #checkOut(kind: WorkKind, then: Connected): void {
    this.#pool.connect((error, client, done) => {
      if (error || !client) {
        this.#slots.release(kind);
        then(error ?? new Error('The pool has no connection.'));
        return;
      }
      then(null, client, (releaseError) => {
        // The pool opens a new one instead.
        done(releaseError ?? preparedLength(client) > MAX_PREPARED_LENGTH);
        this.#slots.release(kind);
      });
    });
  }
}
