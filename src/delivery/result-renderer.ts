import type { LogEntry } from '../log/index.ts';
import type { EncodedResult } from './encoded-result.ts';

/** Renders entries of a log as results of one subscription document for one viewer. */
export interface ResultRenderer {
  /**
   * The results of the entries, in order, with the data and the rights of now; null for an entry that has no result.
   * @param publication the article's newest one when the entries were read
   * @throws when that is temporarily impossible, as without a database; the caller then tries again
   */
  renderEntries(entries: readonly LogEntry[], publication: number | null): Promise<(EncodedResult | null)[]>;
  /** The result of a notice to one subscriber, for example that it has caught up. */
  renderNotice(notice: unknown): Promise<EncodedResult>;
  /** The last result of a subscription whose log can no longer be followed. @throws as `renderEntries` */
  renderGone(): Promise<FinalResult>;
}

/** A result after which nothing follows. */
export interface FinalResult {
  result: EncodedResult;
  /** Seconds after which the client may subscribe again; null when that would not help. */
  retryAfterSeconds: number | null;
}
