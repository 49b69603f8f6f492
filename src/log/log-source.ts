import type { LogView } from '../../schema/content/context.ts';
import type { LogReader } from './log-reader.ts';

/** What every log's entries have. */
export interface LogEntry {
  sequence: number;
}

/**
 * What a field of `Subscription` subscribes to: a log, and what is shown of it. It is not iterated, for then each
 * subscriber would be served alone; `Group` follows it for all of them at once.
 */
export class LogSource implements AsyncIterable<never> {
  readonly view: LogView<LogEntry, unknown>;
  /** Opens the log, or joins those who follow it already, until it is released. */
  readonly open: () => { reader: LogReader<LogEntry>; release(): void };

  constructor(view: LogView<never, unknown>, open: LogSource['open']) {
    this.view = view as LogView<LogEntry, unknown>;
    this.open = open;
  }

  // graphql-js takes nothing else as the source of a subscription.
  [Symbol.asyncIterator](): AsyncIterator<never> {
    throw new Error('A source is followed by a group, not iterated.');
  }
}
