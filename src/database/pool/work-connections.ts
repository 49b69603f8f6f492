import type pg from 'pg';
import { preparedLength } from '../query.ts';
import { ConnectionSlots, type ShareUsage, type WorkKind } from './connection-slots.ts';
import type { ObservedClient } from './observed-client.ts';
import { AbortedError, type RequestWork } from './request-work.ts';

/**
 * Most that a connection may have prepared, in UTF-16 code units: some 10 MB of PostgreSQL's memory. The documents of front
 * ends need a tenth of it; only ever new documents fill it.
 */
const MAX_PREPARED_LENGTH = 500_000;

/**
 * Statements that get a connection one after another before it goes back to the pool, which replaces connections of some age.
 * The way through the pool takes timers and a round of the event loop's queue.
 */
const MAX_HANDOVERS = 1_000;

/** A connection that is taken from the pool. */
interface TakenConnection {
  client: ObservedClient;
  /** Gives it back to the pool, which closes it on an error. */
  giveBack(error?: Error | boolean): void;
  handovers: number;
}

/** The use of the pool at one moment. */
export interface PoolUsage {
  /** Connections. */
  open: number;
  max: number;
  /** Statements that were refused so far because too many wait. */
  refused: number;
  shares: readonly ShareUsage[];
}

type Connected = (error: Error | null, client?: pg.PoolClient, release?: (error?: Error) => void) => void;

/** The pool's connections, each given to one kind of work at a time in the order of `ConnectionSlots`. */
export class WorkConnections {
  readonly #pool: pg.Pool;
  readonly #slots: ConnectionSlots<TakenConnection>;
  #isClosed = false;

  constructor(pool: pg.Pool, total: number) {
    this.#pool = pool;
    this.#slots = new ConnectionSlots(total);
  }

  usage(): PoolUsage {
    const { totalCount: open, options } = this.#pool;
    return { open, max: options.max, refused: this.#slots.refused, shares: this.#slots.usage() };
  }

  /**
   * Calls `then` with a connection, or with an OverloadedError, an AbortedError or the failure to connect.
   * @returns leaves the line; null when it does not have to wait there
   */
  connect(kind: WorkKind, work: RequestWork, then: Connected): (() => void) | null {
    try {
      work.throwIfAborted();
      if (!this.#slots.tryTake(kind)) return this.#wait(kind, work, then);
      this.#checkOut(kind, work, then);
    } catch (error) {
      then(error as Error);
    }
    return null;
  }

  /** From now on no connection is taken from the pool. */
  close(): void {
    this.#isClosed = true;
    this.#slots.close();
  }

  #wait(kind: WorkKind, work: RequestWork, then: Connected): () => void {
    const waiting = this.#slots.wait(kind, work.sender, (error, connection) => {
      forget();
      if (error) then(error);
      else if (connection) this.#give(connection, { kind, work }, then);
      else this.#checkOut(kind, work, then);
    });
    const forget = work.onAbort(() => {
      forget();
      if (this.#slots.leave(waiting)) this.connect(kind, work, then);
    });
    return () => {
      forget();
      this.#slots.leave(waiting);
    };
  }

  #checkOut(kind: WorkKind, work: RequestWork, then: Connected): void {
    if (this.#isClosed) {
      this.#slots.release(kind, null);
      then(new AbortedError('The gateway has stopped.'));
      return;
    }
    this.#pool.connect((error, client, done) => {
      if (error || !client) {
        this.#slots.release(kind, null);
        then(error ?? new Error('The pool has no connection.'));
        return;
      }
      this.#give({ client: client as ObservedClient, giveBack: done, handovers: 0 }, { kind, work }, then);
    });
  }

  #give(connection: TakenConnection, { kind, work }: { kind: WorkKind; work: RequestWork }, then: Connected): void {
    const { client } = connection;
    client.share = kind;
    client.account = work.account;
    then(null, client, (error) => {
      const isFull = preparedLength(client) > MAX_PREPARED_LENGTH;
      connection.handovers += 1;
      if (error || isFull || connection.handovers >= MAX_HANDOVERS) {
        // The pool opens a new one instead of one with an error or a full one.
        connection.giveBack(error ?? isFull);
        this.#slots.release(kind, null);
      } else {
        this.#slots.release(kind, connection)?.giveBack();
      }
    });
  }
}
