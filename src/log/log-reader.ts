import type { LogPosition } from '../../schema/content/events.ts';
import type { Logger as Messages } from '../logger.ts';
import { CoalescedCalls } from './coalesced-calls.ts';
import type { EventLog, LogPage } from './event-log.ts';

/** Entries that are kept for those who follow: ids and a time each, so that who is a little behind reads no statement. */
const RECENT = 500;

/** Whoever follows a log. */
export interface LogFollower {
  /** The log has grown, or may be readable again. */
  onGrowth(): void;
  /** Nobody may follow it any more. */
  onGone(): void;
  /** It is another log than before, as when a database was restored: positions in the old one mean nothing. */
  onRestart(position: LogPosition): void;
}

/**
 * One log as this process reads it: each entry once, however many follow. It is told by the bus and by the sweep how far
 * the log has come; neither is needed for being right, only for being quick.
 */
export class LogReader<Entry extends { sequence: number }> {
  readonly #log: EventLog<Entry>;
  readonly #messages: Messages;
  readonly #followers = new Set<LogFollower>();
  readonly #pages: CoalescedCalls<number | null, LogPage<Entry>>;
  /** The newest entries, without gaps up to `position`. */
  #recent: Entry[] = [];
  #position: LogPosition | null = null;
  /** The highest sequence that somebody spoke of. */
  #wanted = 0;
  #isReading = false;

  constructor(log: EventLog<Entry>, messages: Messages) {
    this.#log = log;
    this.#messages = messages;
    this.#pages = new CoalescedCalls((after) => log.read(after));
  }

  get isFollowed(): boolean {
    return this.#followers.size > 0;
  }

  /** How far entries were handed on. Null until somebody has asked for a page. */
  get position(): LogPosition | null {
    return this.#position;
  }

  /** @returns stops following */
  follow(follower: LogFollower): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  /**
   * The log as it is now, read from the database; one statement for all who ask for the same at the same time.
   * @param after null for its position alone
   */
  async readPage(after: number | null): Promise<LogPage<Entry>> {
    const page = await this.#pages.call(after);
    // The first to ask sets where reading on begins.
    this.#position ??= page.position;
    this.applyPosition(page.position);
    return page;
  }

  /** Entries after a sequence that were handed on already, without a statement; null when they are not kept. */
  recentEntries(after: number, most: number): Entry[] | null {
    const first = this.#recent[0];
    if (!first || first.sequence > after + 1) return null;
    const start = this.#recent.findIndex(({ sequence }) => sequence > after);
    return start === -1 ? [] : this.#recent.slice(start, start + most);
  }

  /** The log has come to a sequence. */
  advanceTo(sequence: number): void {
    this.#wanted = Math.max(this.#wanted, sequence);
    if (!this.#position || this.#isReading || this.#wanted <= this.#position.sequence) return;
    this.#read().catch((error) =>
      this.#messages.error('A log could not be read and will be retried', { log: this.#log.topic, err: error }),
    );
  }

  /** Something may have been missed: looks how far the log has come. */
  checkPosition(): void {
    if (this.#position)
      this.readPage(null).catch((error) =>
        this.#messages.error('A log could not be read and will be retried', { log: this.#log.topic, err: error }),
      );
  }

  /** Takes word of where the log is. */
  applyPosition(position: LogPosition | null): void {
    const known = this.#position;
    if (!known) return;
    if (!position) {
      for (const follower of [...this.#followers]) follower.onGone();
    } else if (position.epoch !== known.epoch) {
      this.#recent = [];
      this.#position = position;
      this.#wanted = position.sequence;
      for (const follower of [...this.#followers]) follower.onRestart(position);
    } else {
      this.advanceTo(position.sequence);
    }
  }

  /** Who could not go on before may be able to now. */
  notifyFollowers(): void {
    for (const follower of this.#followers) follower.onGrowth();
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    try {
      while (this.#followers.size > 0 && this.#position && this.#wanted > this.#position.sequence) {
        const { position, entries } = await this.#log.read(this.#position.sequence);
        const last = entries.at(-1);
        if (!position || position.epoch !== this.#position.epoch) return this.applyPosition(position);
        // Spoken of, and not there: of another log, or of this one before it was restored.
        if (!last) {
          this.#wanted = this.#position.sequence;
          return;
        }
        this.#recent.push(...entries);
        if (this.#recent.length > RECENT) this.#recent.splice(0, this.#recent.length - RECENT);
        this.#position = { ...position, sequence: last.sequence };
        this.notifyFollowers();
      }
    } finally {
      // In the same moment as the last look at what is wanted: who speaks of more from now on starts it again.
      this.#isReading = false;
    }
  }
}
