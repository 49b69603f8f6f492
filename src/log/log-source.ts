import type { LogView } from '../../schema/content/context.ts';
import type { LogEntry } from './log-entry.ts';
import type { LogReader } from './log-reader.ts';

/** A reader of an open log; the log stays open until `release` is called. */
export interface LogLease {
  reader: LogReader<LogEntry>;
  release(): void;
}

/**
 * The source stream of a field of `Subscription`: a log, and the view of it that the subscription shows. It is not
 * iterated, because then each subscriber would be served separately; a SubscriberGroup reads it for all its subscribers.
 */
export class LogSource implements AsyncIterable<never> {
  readonly view: LogView<LogEntry, unknown>;
  /** Opens the log, or shares it when it is open already. */
  readonly open: () => LogLease;

  constructor(view: LogView<never, unknown>, open: () => LogLease) {
    this.view = view as LogView<LogEntry, unknown>;
    this.open = open;
  }

  // graphql-js accepts only an AsyncIterable as a source stream.
  [Symbol.asyncIterator](): AsyncIterator<never> {
    throw new Error('A LogSource cannot be iterated; a SubscriberGroup reads it.');
  }
}
