import { LRUCache } from 'lru-cache';
import { isSamePosition, type LogPosition } from '../../schema/content/events.ts';
import { CoalescedCalls, type LogEntry, type LogReader } from '../log/index.ts';
import type { EncodedResult } from './encoded-result.ts';
import type { ResultRenderer } from './result-renderer.ts';

/** Milliseconds for which a page is kept: subscribers that lost the same connection resume within moments. */
const PAGE_LIFETIME = 3_000;

/** Pages that are kept: subscribers that resume together need the same few. */
const MAX_PAGES = 24;

/** A page of a log that can be followed, with its results. */
export interface RenderedPage {
  position: LogPosition;
  entries: LogEntry[];
  results: (EncodedResult | null)[];
  /** One of its subscribers has counted it as rendered for itself. */
  isCounted: boolean;
  /** As of the reading of the page. */
  publication: number | null;
  restarts: number;
}

export interface RenderedPagesOptions {
  /** Null when no subscriber needs a page any more. */
  reader(): LogReader<LogEntry> | null;
  renderer: Pick<ResultRenderer, 'renderEntries'>;
}

/**
 * Pages of a log with their results, read and rendered once for all subscribers that resume from the same place at about
 * the same time. A kept page is used only while the log has not grown, because every change of a comment, or of its
 * visibility, is in the log.
 */
export class RenderedPages {
  readonly #options: RenderedPagesOptions;
  readonly #calls: CoalescedCalls<number | null, RenderedPage | null>;
  /** Null while it would be empty: a cache takes 3 KB, and most groups need none. */
  #kept: LRUCache<number, RenderedPage> | null = null;

  constructor(options: RenderedPagesOptions) {
    this.#options = options;
    this.#calls = new CoalescedCalls((after) => this.#page(after));
  }

  /** @param sequence null for the position alone. @returns null when the log can no longer be followed */
  after(sequence: number | null): Promise<RenderedPage | null> {
    return this.#calls.call(sequence);
  }

  async #page(after: number | null): Promise<RenderedPage | null> {
    const reader = this.#options.reader();
    if (!reader) return null;
    const kept = after === null ? undefined : this.#kept?.get(after);
    if (kept) {
      const { position, restarts } = await reader.readPage(null);
      if (position && isSamePosition(position, kept.position)) return { ...kept, restarts };
    }
    const { position, entries, publication, restarts } = await reader.readPage(after);
    if (!position) return null;
    const results = await this.#options.renderer.renderEntries(entries, publication);
    const page = { position, entries, results, isCounted: false, publication, restarts };
    const last = entries.at(-1);
    if (!last) return page;
    const { sequence, at } = last;
    if (!(await reader.isUnchangedSince({ ...position, sequence, at }, publication))) return this.#page(after);
    if (after !== null) this.#keep(after, page);
    return page;
  }

  #keep(after: number, page: RenderedPage): void {
    this.#kept ??= new LRUCache({
      max: MAX_PAGES,
      ttl: PAGE_LIFETIME,
      // Otherwise pages that are not requested again would stay in memory.
      ttlAutopurge: true,
      disposeAfter: () => {
        if (this.#kept?.size === 0) this.#kept = null;
      },
    });
    this.#kept.set(after, page);
  }
}
