import type { Config } from '../config.ts';
import { openPool, type RequestDatabase, type WorkSource } from '../database/index.ts';
import type { Logger } from '../logger.ts';
import type { ChangeTracker } from '../response-cache/index.ts';
import { parseServerAddress } from '../server-address.ts';
import { LogPositions } from './log-positions.ts';
import { Replica } from './replica.ts';

/** A replica that has all that a sender must see. */
export interface ChosenReplica {
  database: RequestDatabase;
  /** It has everything that was committed before it was chosen, so responses that are read there may be kept. */
  isCurrent: boolean;
  /** It failed: readers use the primary for some seconds. */
  leaveOut(error: unknown): void;
}

/** What a sender must find in a replica. */
export interface Demand {
  /** Subject of the sender's writes. */
  writes: number;
  /** Everything that is committed. */
  mustBeCurrent: boolean;
  /** Whether a replica has what the sender names. */
  hasSeen(database: RequestDatabase): Promise<boolean>;
}

type PoolOptions = Omit<Parameters<typeof openPool>[0], 'url'>;

export interface ReplicasOptions extends PoolOptions {
  config: PoolOptions['config'] & Pick<Config, 'replicaMaxLag'>;
  log: Logger;
  urls: readonly string[];
  /** Follows what is committed to the primary. */
  tracker: ChangeTracker;
}

/** The standby servers that queries of readers are read from. */
export class Replicas {
  readonly #replicas: readonly Replica[];
  readonly #tracker: ChangeTracker;
  readonly #maxLag: number;
  readonly #positions = new LogPositions();
  /** Queries by where they were read. */
  readonly totals = { replica: 0, primary: 0 };

  constructor({ urls, tracker, config, log, ...observer }: ReplicasOptions) {
    this.#tracker = tracker;
    this.#maxLag = config.replicaMaxLag;
    this.#replicas = urls.map((url) => {
      const { host, port } = parseServerAddress(url)!;
      return new Replica({
        name: `${host}:${port || 5432}`,
        open: (onConnectionChange) => openPool({ url, config, log, onConnectionChange, ...observer }),
        log,
      });
    });
  }

  /** Milliseconds that each is known to be behind; null for one that is left out. */
  lags(): [name: string, lag: number | null][] {
    return this.#replicas.map((replica) => [
      replica.name,
      replica.isLeftOut ? null : this.#positions.lagOf(replica.replayed),
    ]);
  }

  /**
   * Chooses a replica that has all that the sender has written through any gateway, also what was acknowledged a moment ago: the
   * primary is asked by a statement that all share who wait for it.
   * A sender has the same replica each time, as long as it can be read: then what it reads never becomes older.
   * @returns null when there is none
   */
  async choose(source: WorkSource, { writes, mustBeCurrent, hasSeen }: Demand): Promise<ChosenReplica | null> {
    await this.#tracker.catchUp();
    const { logPosition, content } = this.#tracker;
    this.#positions.add(logPosition);
    const position = mustBeCurrent ? logPosition : this.#tracker.positionOfWrites(writes);
    const { length } = this.#replicas;
    for (let tried = 0; tried < length; tried++) {
      const replica = this.#replicas[(Math.abs(writes) + tried) % length]!;
      if (!(await replica.hasReached(position, { logPosition, content }))) continue;
      const lag = this.#positions.lagOf(replica.replayed);
      if (lag > this.#maxLag) {
        replica.leaveOut('it is too far behind');
        continue;
      }
      const database = replica.pool.forWork(source);
      const leaveOut = (error: unknown): void => replica.leaveOut('it failed', error);
      try {
        if (!(await hasSeen(database))) continue;
        replica.use();
        return { database, isCurrent: replica.replayed >= logPosition, leaveOut };
      } catch (error) {
        leaveOut(error);
      }
    }
    return null;
  }

  async close(): Promise<void> {
    await Promise.all(this.#replicas.map((replica) => replica.close()));
  }
}
