/** A subscription as a client sends it: the payload of its `subscribe` message. */
export interface Subscription {
  query: string;
  variables: Record<string, unknown>;
}

/** What the process that holds the readers can be asked. `crowd` names one of several. */
export type Job =
  /** Adds readers, and answers when all have sent their `subscribe`. */
  | ({ kind: 'join'; crowd: string } & Joining)
  /** Begins to count anew. */
  | { kind: 'reset'; crowd: string }
  /** Answers with a tally when all who are not paused have `events`, or after `within` milliseconds. */
  | { kind: 'await'; crowd: string; events: number; within: number }
  /** Answers when all who are not paused have heard that they are up to date, or after `within` milliseconds. */
  | { kind: 'awaitCaughtUp'; crowd: string; within: number }
  /** Answers with how late the events came, of which these are the clock's readings when they were sent, by id. */
  | { kind: 'lateness'; crowd: string; sentAt: Record<string, number> }
  /** The first so many readers read no more, or read again. */
  | { kind: 'pause' | 'resume'; crowd: string; readers: number }
  /** Answers when so many are closed, or after `within` milliseconds. */
  | { kind: 'awaitClosed'; crowd: string; readers: number; within: number }
  /** Those whose connection was closed come again, each with the cursor that it saw last. */
  | { kind: 'rejoin'; crowd: string }
  /** All hang up. */
  | { kind: 'leave'; crowd: string };

export interface Joining {
  /** Where the graph is. */
  url: string;
  readers: number;
  subscription: Subscription;
  /** Handshakes under way at a time; without it, all at once. */
  atATime?: number;
}

export interface Tally {
  readers: number;
  /** Readers that have all events. */
  complete: number;
  /** Ids of the comments, in the order in which the first reader heard of each. */
  ids: string[];
  /** Events that came to a reader out of their place: because it lacks one, has one twice, or in another order. */
  misplaced: number;
  /** Events that all readers heard. */
  heard: number;
  /** Readers that heard everything missed, and the sum of what they were told that it was. */
  caughtUp: number;
  replayed: number;
  /** The clock when the latest event came, and when the last reader was up to date. */
  lastAt: number;
  caughtUpAt: number;
  /** How often each close code was given since the count began. */
  closes: Record<string, number>;
  /** The first messages that are no event. */
  complaints: string[];
  /** The text of one event. */
  sample: string;
}

/** Milliseconds from sending to arrival. */
export interface Lateness {
  p50: number;
  p99: number;
  most: number;
}
