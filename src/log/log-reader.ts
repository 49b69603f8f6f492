import type { LogPosition } from '../../schema/content/events.ts';
import type { Logger } from '../logger.ts';
import { CoalescedCalls } from './coalesced-calls.ts';
import type { EventLog, LogPage } from './event-log.ts';

/** Entries that are kept in memory, a few ids and a time each, so that followers slightly behind need no statement. */
const MAX_RECENT = 500;

export interface LogFollower {
  /** The log has grown, or may be readable again. */
  onGrowth(): void;
  /** The log can no longer be followed. */
  onGone(): void;
  /** Entries after the last ones were deleted before they were read. */
  onGap(): void;
  /** The log was replaced, as when a database was restored: positions in the former one have no meaning. */
  onRestart(): void;
}

/**
 * One log as this process reads it: each entry once, for any number of followers. The bus and the periodic check
 * announce how far the log has grown; without them a reader would be slower, but still correct.
 */
export class LogReader<Entry extends { sequence: number }> {
  readonly #log: EventLog<Entry>;
  readonly #logger: Logger;
  readonly #followers = new Set<LogFollower>();
  readonly #pages: CoalescedCalls<number | null, LogPage<Entry>>;
  /** The newest entries, without gaps up to `position`. */
  #recent: Entry[] = [];
  #position: LogPosition | null = null;
  /** The highest sequence that was announced. */
  #announced = 0;
  #isReading = false;
  #publication: number | null = null;

  constructor(log: EventLog<Entry>, logger: Logger) {
    this.#log = log;
    this.#logger = logger;
    this.#pages = new CoalescedCalls((after) => log.read(after));
  }

  /** Followers have been notified of everything up to here. Null before the first page was read. */
  get position(): LogPosition | null {
    return this.#position;
  }

  /** The publication of the article when the log was read last. */
  get publication(): number | null {
    return this.#publication;
  }

  /**
   * Whether the article has been public without a break since the log was read with this publication. Entries that were
   * rendered meanwhile may lack what is not public.
   */
  async isPublicSince(publication: number | null): Promise<boolean> {
    if (publication === null) return true;
    const page = await this.readPage(null);
    return page.position !== null && page.publication === publication;
  }

  /** @returns stops following */
  follow(follower: LogFollower): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  /**
   * Reads the log from the database, with one statement for all simultaneous calls for the same page.
   * @param after a sequence; null to read the position alone
   */
  async readPage(after: number | null): Promise<LogPage<Entry>> {
    const page = await this.#pages.call(after);
    // Reading for the followers starts where the log was when its first page was read.
    this.#position ??= page.position;
    this.#publication = page.publication;
    this.applyPosition(page.position);
    return page;
  }

  /** Up to `max` entries after a sequence, from memory; null when they are not kept. */
  recentEntries(after: number, max: number): Entry[] | null {
    const first = this.#recent[0];
    if (!first || first.sequence > after + 1) return null;
    const start = this.#recent.findIndex(({ sequence }) => sequence > after);
    return start === -1 ? [] : this.#recent.slice(start, start + max);
  }

  /** The log has grown to a sequence: reads the new entries and notifies the followers. */
  advanceTo(sequence: number): void {
    this.#announced = Math.max(this.#announced, sequence);
    if (!this.#position || this.#isReading || this.#announced <= this.#position.sequence) return;
    this.#readNewEntries().catch((error) => this.#logFailure(error));
  }

  /** Reads the position, because wake-ups may have been lost. */
  checkPosition(): void {
    if (this.#position) this.readPage(null).catch((error) => this.#logFailure(error));
  }

  /** Compares a position that was read with the known one, and notifies the followers of the difference. */
  applyPosition(position: LogPosition | null): void {
    const known = this.#position;
    if (!known) return;
    if (!position) {
      for (const follower of [...this.#followers]) follower.onGone();
    } else if (position.epoch !== known.epoch) {
      this.#recent = [];
      this.#position = position;
      this.#announced = position.sequence;
      for (const follower of [...this.#followers]) follower.onRestart();
    } else {
      this.advanceTo(position.sequence);
    }
  }

  /** Lets the followers try again what may have failed before. */
  notifyFollowers(): void {
    for (const follower of this.#followers) follower.onGrowth();
  }

  async #readNewEntries(): Promise<void> {
    this.#isReading = true;
    try {
      while (this.#followers.size > 0 && this.#position && this.#announced > this.#position.sequence) {
        const { position, entries, publication } = await this.#log.read(this.#position.sequence);
        const last = entries.at(-1);
        this.#publication = publication;
        if (!position || position.epoch !== this.#position.epoch) return this.applyPosition(position);
        // The announced entry does not exist: it was one of another log, or of this one before it was restored.
        if (!last) {
          this.#announced = this.#position.sequence;
          return;
        }
        // The log of publications has gaps of its own: transactions that were rolled back.
        if (publication !== null && entries[0]!.sequence > this.#position.sequence + 1) {
          this.#recent = [];
          for (const follower of [...this.#followers]) follower.onGap();
        }
        this.#recent.push(...entries);
        if (this.#recent.length > MAX_RECENT) this.#recent.splice(0, this.#recent.length - MAX_RECENT);
        this.#position = { ...position, sequence: last.sequence };
        this.notifyFollowers();
      }
    } finally {
      // In the same turn as the loop's last check, so that every later announcement starts reading again.
      this.#isReading = false;
    }
  }

  #logFailure(error: unknown): void {
    this.#logger.error('A log could not be read and will be retried within 2 s', {
      log: this.#log.topic,
      err: error,
    });
  }
}
