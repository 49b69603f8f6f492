import { isSameLog, type LogPosition, positionFault } from '../../schema/content/events.ts';
import type { BackgroundWork } from '../background/index.ts';
import type { Logger } from '../logger.ts';
import { CoalescedCalls } from './coalesced-calls.ts';
import type { EventLog, LogPage } from './event-log.ts';
import type { LogEntry } from './log-entry.ts';

/** Entries that are kept in memory, a few ids and a time each, so that followers slightly behind need no statement. */
const MAX_RECENT = 500;

export interface LogFollower {
  /** The log has grown, or may be readable again. */
  onGrowth(): void;
  /** The log can no longer be followed. */
  onGone(): void;
  /** Entries after the last ones were deleted before they were read. */
  onGap(): void;
  /** The log was replaced, as when a backup was restored: positions in the former one may have no meaning. */
  onRestart(): void;
}

export interface LogReaderOptions {
  log: Logger;
  /** Tracks what is read. */
  work: BackgroundWork;
}

/** A page, with the number of restarts and gaps that the reader had noticed when it was read. */
export type ReadPage<Entry> = LogPage<Entry> & { restarts: number };

/**
 * One log as this process reads it: each entry once, for any number of followers. The bus and the periodic check
 * announce how far the log has grown; without them a reader would be slower, but still correct.
 */
export class LogReader<Entry extends LogEntry> {
  readonly #log: EventLog<Entry>;
  readonly #options: LogReaderOptions;
  readonly #followers = new Set<LogFollower>();
  readonly #pages: CoalescedCalls<number | null, ReadPage<Entry>>;
  /** The newest entries, without gaps up to `position`. */
  #recent: Entry[] = [];
  #position: LogPosition | null = null;
  /** The highest sequence that was announced. */
  #announced = 0;
  #isReading = false;
  #publication: number | null = null;
  /** The highest sequence that was read of a log that may lack entries. */
  #newest = 0;
  #restarts = 0;
  #restoredAt: LogPosition | null = null;

  constructor(log: EventLog<Entry>, options: LogReaderOptions) {
    this.#log = log;
    this.#options = options;
    this.#pages = new CoalescedCalls((after) => this.#readPage(after));
  }

  /** Followers have been notified of everything up to here. Null before the first page was read. */
  get position(): LogPosition | null {
    return this.#position;
  }

  /** The publication of the article when the log was read last. */
  get publication(): number | null {
    return this.#publication;
  }

  /** How often the log did not continue from what was read of it: what was read before must be verified. */
  get restarts(): number {
    return this.#restarts;
  }

  /**
   * The position at which this reader found that the log had been replaced, as by a restored backup; null if it never did. Clients
   * behind it may have seen comments as events after it had left them, because an event shows its comment as it is now.
   */
  get restoredAt(): LogPosition | null {
    return this.#restoredAt;
  }

  /**
   * Whether the log still is the one that was read up to a position, and the article has been public without a break. Entries
   * that were rendered meanwhile may lack what is not public, or what the restored backup does not have.
   */
  async isUnchangedSince(last: LogPosition, publication: number | null): Promise<boolean> {
    if (publication === null) return true;
    const page = await this.readPage(last.sequence);
    return (
      page.position !== null &&
      page.publication === publication &&
      isSameLog(last, { position: page.position, first: page.entries[0] ?? null })
    );
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
  readPage(after: number | null): Promise<ReadPage<Entry>> {
    return this.#options.work.track(this.#pages.call(after));
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
    this.#options.work.track(this.#readNewEntries()).catch((error) => this.#logFailure(error));
  }

  /** Reads the position, because wake-ups may have been lost. */
  checkPosition(): void {
    if (this.#position) this.readPage(null).catch((error) => this.#logFailure(error));
  }

  /**
   * Compares a position that was read with the known one, and notifies the followers of the difference.
   * @param since the known position when the reading began
   */
  applyPosition(position: LogPosition | null, since: LogPosition | null | undefined): void {
    const known = this.#position;
    if (!known) return;
    if (!position) {
      for (const follower of [...this.#followers]) follower.onGone();
    } else if (position.epoch === known.epoch && position.sequence > known.sequence) {
      this.advanceTo(position.sequence);
    } else if (positionFault(known, { position, first: null }) !== null) {
      if (known === since) this.#restartAt(position);
      // More of the log was read meanwhile. This position is the older one, unless it does not continue what was known before.
      else if (!since || positionFault(since, { position, first: { sequence: since.sequence + 1 } }) !== null)
        this.checkPosition();
    }
  }

  /** Lets the followers try again what may have failed before. */
  notifyFollowers(): void {
    for (const follower of this.#followers) follower.onGrowth();
  }

  /**
   * Reads the log. Where the newest entries may be missing, its position stays that of the last one that was read: followers that
   * have it need not wait for another. It is an earlier one when the log was replaced.
   */
  async #read(after: number | null): Promise<LogPage<Entry>> {
    const newest = this.#newest;
    const page = await this.#log.read(after);
    const { position, issued } = page;
    if (issued === undefined || !position) return page;
    if (issued < newest) {
      this.#newest = position.sequence;
      return page;
    }
    const sequence = Math.max(position.sequence, newest);
    this.#newest = Math.max(sequence, this.#newest);
    return { ...page, position: { ...position, sequence } };
  }

  async #readPage(after: number | null): Promise<ReadPage<Entry>> {
    const since = this.#position;
    const page = await this.#read(after);
    // Reading for the followers starts where the log was when its first page was read.
    this.#position ??= page.position;
    this.#publication = page.publication;
    this.applyPosition(page.position, since);
    return { ...page, restarts: this.#restarts };
  }

  async #readNewEntries(): Promise<void> {
    this.#isReading = true;
    try {
      while (this.#followers.size > 0 && this.#position && this.#announced > this.#position.sequence) {
        const from = this.#position;
        const { position, entries, publication, issued } = await this.#read(from.sequence);
        // The log was found to be another one meanwhile.
        if (this.#position !== from) continue;
        this.#publication = publication;
        if (!position) return this.applyPosition(null, from);
        const [first] = entries;
        const isContinued =
          issued === undefined
            ? positionFault(from, { position, first: first ?? null }) === null
            : position.sequence >= from.sequence;
        if (!isContinued)
          return this.#restartAt(position, first && first.sequence > from.sequence + 1 ? 'onGap' : 'onRestart');
        const last = entries.at(-1);
        // The announced entry does not exist: it was one of another log, or of this one before it was restored.
        if (!last) {
          this.#announced = from.sequence;
          return;
        }
        this.#recent.push(...entries);
        if (this.#recent.length > MAX_RECENT) this.#recent.splice(0, this.#recent.length - MAX_RECENT);
        this.#position = { ...position, sequence: last.sequence, at: last.at };
        this.notifyFollowers();
      }
    } finally {
      // In the same turn as the loop's last check, so that every later announcement starts reading again.
      this.#isReading = false;
    }
  }

  /** The log does not continue from what was read of it. Followers verify their own positions. */
  #restartAt(position: LogPosition, event: 'onGap' | 'onRestart' = 'onRestart'): void {
    this.#recent = [];
    this.#position = position;
    this.#announced = position.sequence;
    this.#restarts += 1;
    if (event === 'onRestart') this.#restoredAt = position;
    for (const follower of [...this.#followers]) follower[event]();
  }

  #logFailure(error: unknown): void {
    this.#options.log.error('A log could not be read and will be retried within 2 s', {
      log: this.#log.topic,
      err: error,
    });
  }
}
