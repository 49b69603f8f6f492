import { CoalescedCalls, type LogEntry, type LogPage, type LogReader } from '../log/index.ts';
import type { EncodedResult } from './encoded-result.ts';

/** Milliseconds for which a page is kept for others who come back to the same place: a crowd does within moments. */
const KEPT_FOR = 3_000;

/** Pages that are kept at most: those who come back together read the same few. */
const MAX_KEPT = 24;

/** A page of a log that may be followed, with its results. */
export interface RenderedPage {
  position: NonNullable<LogPage<LogEntry>['position']>;
  entries: LogEntry[];
  results: (EncodedResult | null)[];
}

export interface RenderedPagesOptions {
  /** Null when nobody waits for a page any longer. */
  reader(): LogReader<LogEntry> | null;
  render(entries: readonly LogEntry[]): Promise<(EncodedResult | null)[]>;
}

/**
 * Pages of a log with their results, read and rendered once for all who come back to the same place at about the same
 * time. One that is kept is given only while the log has not moved: whatever hides a comment, or changes it, is in the
 * log.
 */
export class RenderedPages {
  readonly #options: RenderedPagesOptions;
  readonly #calls: CoalescedCalls<number | null, RenderedPage | null>;
  readonly #kept = new Map<number | null, RenderedPage>();

  constructor(options: RenderedPagesOptions) {
    this.#options = options;
    this.#calls = new CoalescedCalls((after) => this.#page(after));
  }

  /** What follows a sequence; with null, nothing but where the log is. Null when nobody may follow it any more. */
  after(sequence: number | null): Promise<RenderedPage | null> {
    return this.#calls.call(sequence);
  }

  async #page(after: number | null): Promise<RenderedPage | null> {
    const reader = this.#options.reader();
    if (!reader) return null;
    const kept = this.#kept.get(after);
    if (kept) {
      const { position } = await reader.readPage(null);
      if (position?.epoch === kept.position.epoch && position.sequence === kept.position.sequence) return kept;
    }
    const { position, entries } = await reader.readPage(after);
    if (!position) return null;
    const page = { position, entries, results: await this.#options.render(entries) };
    if (entries.length > 0) this.#keep(after, page);
    return page;
  }

  #keep(after: number | null, page: RenderedPage): void {
    this.#kept.set(after, page);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MAX_KEPT) break;
      this.#kept.delete(oldest);
    }
    setTimeout(() => {
      if (this.#kept.get(after) === page) this.#kept.delete(after);
    }, KEPT_FOR).unref();
  }
}
