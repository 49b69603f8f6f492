import type { EncodedResult } from './encoded-result.ts';

/** Why a stream ends. */
export type EndReason =
  /** It has no further results. */
  | 'complete'
  /** It cannot continue on this connection. When the client resumes from its cursor, it is sent what it needs. */
  | 'restart'
  /** The client left so many results unread that they are no longer kept. It can resume from its cursor. */
  | 'slow';

/** The receiving end of one subscription: messages of a socket, events of an event stream, or parts of a multipart body. */
export interface ResultSink {
  /** True while the network has not taken what was sent: nothing more should be sent before `whenDrained` calls back. */
  readonly isFull: boolean;
  /** Calls back once, when more can be sent. */
  whenDrained(callback: () => void): void;
  send(result: EncodedResult): void;
  /** Results that are sent within `work` are written together. */
  batch(work: () => void): void;
  end(reason: EndReason): void;
}
