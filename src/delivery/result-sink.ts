import type { EncodedResult } from './encoded-result.ts';

/** Why a stream ends. */
export type EndReason =
  /** Nothing more can come. */
  | 'complete'
  /** What it followed cannot go on as it was; it can be resumed, and is told what it needs then. */
  | 'restart'
  /** It was not read for so long that what waits for it is no longer kept; it can be resumed. */
  | 'slow';

/** Where the results of one subscription go: a socket's message, an event of an event stream, a part of a multipart body. */
export interface ResultSink {
  /** Nothing more should be sent before `whenDrained` says so: what was sent still waits here to be taken by the network. */
  readonly isFull: boolean;
  /** Calls back once, when it can be sent on. */
  whenDrained(then: () => void): void;
  send(result: EncodedResult): void;
  /** What is sent in `work` goes out together. */
  batch(work: () => void): void;
  end(ending: EndReason): void;
}
