import type { EncodedResult } from './encoded-result.ts';

/** Why a stream ends. */
export type EndReason =
  /** It has no further results. */
  | 'complete'
  /** It cannot continue on this connection. When the client resumes from its cursor, it is sent what it needs. */
  | 'restart'
  /** The client left so many results unread that they are no longer kept. It can resume from its cursor. */
  | 'slow';

/** Receives the results of one subscription: as messages of a socket, or as parts of an event stream or multipart body. */
export interface ResultSink {
  /** True while the network has not taken what was sent: the next result waits until `whenDrained` calls back. */
  readonly isFull: boolean;
  /** Calls back once, when more can be sent. */
  whenDrained(callback: () => void): void;
  send(result: EncodedResult): void;
  /** Results that are sent within `work` are written together. */
  batch(work: () => void): void;
  /** @param retryAfterSeconds of a complete subscription: seconds after which the client may subscribe again */
  end(reason: EndReason, retryAfterSeconds?: number | null): void;
}
