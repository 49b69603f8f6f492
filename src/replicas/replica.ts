import { queryRow } from '../../schema/content/query.ts';
import type { Pool } from '../database/index.ts';
import { CoalescedCalls } from '../log/index.ts';
import type { Logger } from '../logger.ts';
import { type ChangeTracker, CONTENT_IDENTITY } from '../response-cache/index.ts';

/** Milliseconds in which a replica is not asked again how far it is. */
const LOOK_INTERVAL = 20;
/** Milliseconds for which a replica is left out that has failed. */
const LEFT_OUT_FOR = 2_000;

const STATE = {
  name: 'replica-state',
  text: `SELECT CASE WHEN pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::float8 END, ${CONTENT_IDENTITY}`,
  values: [],
};

type State = [replayed: number | null, content: string];

/** The state of the primary at its last look. */
export type PrimaryState = Pick<ChangeTracker, 'logPosition' | 'content'>;

export interface ReplicaOptions {
  /** Host and port, for the log. */
  name: string;
  open(onConnectionChange: () => void): Pool;
  log: Logger;
}

/** A standby server, and how far it has replayed the write-ahead log of its primary. */
export class Replica {
  readonly name: string;
  readonly pool: Pool;
  readonly #log: Logger;
  readonly #looks = new CoalescedCalls<null, void>(() => this.#look());
  #replayed = 0;
  #content: string | null = null;
  /** Its last look succeeded, and nothing has failed since. */
  #isAnswering = false;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #leftOutUntil = Number.NEGATIVE_INFINITY;
  /** Why it is left out, once that was logged. */
  #fault: string | null = null;

  constructor({ name, open, log }: ReplicaOptions) {
    this.name = name;
    // The server may have been started again, or another one may have its place, which has replayed less.
    this.pool = open(() => this.#mustLook());
    this.#log = log;
  }

  /** Bytes of the log that it is known to have replayed. */
  get replayed(): number {
    return this.#replayed;
  }

  get isLeftOut(): boolean {
    return this.#fault !== null;
  }

  /**
   * Whether it has replayed what a sender must see. It is asked how far it is when that is not known, and beside the reading when
   * the primary is further.
   * @param position bytes of the log
   */
  async hasReached(position: number, { logPosition, content }: PrimaryState): Promise<boolean> {
    const now = performance.now();
    if (now < this.#leftOutUntil) return false;
    const isKnown = this.#isAnswering && this.#content === content && this.#replayed >= position;
    if (now - this.#lookedAt > LOOK_INTERVAL && !(isKnown && this.#replayed >= logPosition)) {
      const looking = this.#looks.call(null).catch((error) => this.leaveOut('it does not answer', error));
      if (!isKnown) await looking;
    }
    if (!this.#isAnswering) return false;
    if (this.#content === content) return this.#replayed >= position;
    this.leaveOut('it is no standby of the database in DATABASE_URL');
    return false;
  }

  /** It is read from. */
  use(): void {
    if (this.#fault !== null) this.#log.info('A replica is used again', { replica: this.name });
    this.#fault = null;
  }

  /** Leaves it out for some seconds. */
  leaveOut(fault: string, error?: unknown): void {
    this.#leftOutUntil = performance.now() + LEFT_OUT_FOR;
    this.#isAnswering = false;
    if (this.#fault !== fault)
      this.#log.error('A replica is left out; its readers use the primary', { replica: this.name, fault, err: error });
    this.#fault = fault;
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  #mustLook(): void {
    this.#isAnswering = false;
    this.#lookedAt = Number.NEGATIVE_INFINITY;
  }

  async #look(): Promise<void> {
    const [replayed, content] = await queryRow<State>(this.pool, STATE);
    this.#lookedAt = performance.now();
    this.#content = content;
    if (replayed === null) throw new Error('The server is not in recovery: it is a primary.');
    this.#replayed = replayed;
    this.#isAnswering = true;
  }
}
