import type { EndReason } from './result-sink.ts';

/** Where a subscriber is in its life. */
export type SubscriberState =
  /** Its position in the log is being read. */
  | 'starting'
  /**
   * It receives pages of the log at the pace of its connection, until it has all that live subscribers were sent. It verifies
   * that each page continues its position.
   */
  | 'catchingUp'
  /** It has caught up. New results are kept for it until the notice of that has been sent. */
  | 'confirming'
  /** It is sent each result when it is rendered. */
  | 'live'
  /** Its connection is full. New results are kept for it until the connection has drained. */
  | 'waiting'
  /** Nothing more is sent to it. */
  | 'left';

/** Events after which a subscription continues. */
type ContinuingEvent =
  /** Its position in the log, and what follows it, was read. */
  | 'positionRead'
  /** It was sent everything that live subscribers were sent. */
  | 'caughtUp'
  /** The notice that it has caught up was sent, or it needs none. */
  | 'confirmed'
  | 'connectionFull'
  | 'connectionDrained'
  /** The log was replaced, or lacks entries: its position must be verified, and is a new one when the log does not continue it. */
  | 'positionDoubted';

/** Events that end a subscription. */
export type LeaveEvent =
  | 'clientLeft'
  /** The log can no longer be followed. */
  | 'logGone'
  /** The log was replaced by another, and the subscription has no notice of that. */
  | 'logRestarted'
  /** Entries that it needs next were deleted from the log before they were read, and the subscription has no notice of that. */
  | 'entriesPruned'
  /** It left results unread for so long that they are no longer kept for it. */
  | 'fellBehind'
  /** An error of ours. */
  | 'failed';

export type SubscriberEvent = ContinuingEvent | LeaveEvent;

/** The event cannot occur in the state. */
const X = null;

/** The next state for each event (row) in each state (column). The types demand an entry for every pair. */
// biome-ignore format: a table
const NEXT_STATES = {
  positionRead:      { starting: 'catchingUp', catchingUp: X,            confirming: X,      live: X,         waiting: X,      left: 'left' },
  caughtUp:          { starting: X,            catchingUp: 'confirming', confirming: X,      live: X,         waiting: X,      left: 'left' },
  confirmed:         { starting: X,            catchingUp: X,            confirming: 'live', live: X,         waiting: X,      left: 'left' },
  connectionFull:    { starting: X,            catchingUp: X,            confirming: X,      live: 'waiting', waiting: X,      left: 'left' },
  connectionDrained: { starting: X,            catchingUp: X,            confirming: X,      live: X,         waiting: 'live', left: 'left' },
  positionDoubted:   { starting: X,            catchingUp: X,            confirming: 'catchingUp', live: 'catchingUp', waiting: 'catchingUp', left: 'left' },
  clientLeft:        { starting: 'left',       catchingUp: 'left',       confirming: 'left', live: 'left',    waiting: 'left', left: 'left' },
  logGone:           { starting: 'left',       catchingUp: 'left',       confirming: 'left', live: 'left',    waiting: 'left', left: 'left' },
  logRestarted:      { starting: 'left',       catchingUp: 'left',       confirming: 'left', live: 'left',    waiting: 'left', left: 'left' },
  entriesPruned:     { starting: X,            catchingUp: 'left',       confirming: 'left', live: 'left',    waiting: 'left', left: 'left' },
  fellBehind:        { starting: X,            catchingUp: X,            confirming: 'left', live: X,         waiting: 'left', left: 'left' },
  failed:            { starting: 'left',       catchingUp: 'left',       confirming: 'left', live: 'left',    waiting: 'left', left: 'left' },
} as const satisfies Record<SubscriberEvent, Record<SubscriberState, SubscriberState | null>>;

/** @throws when the event cannot occur in the state, which is an error of the caller */
export function nextState(state: SubscriberState, event: SubscriberEvent): SubscriberState {
  const next = NEXT_STATES[event][state];
  if (next === null) throw new Error(`A subscriber in the state "${state}" cannot receive the event "${event}".`);
  return next;
}

/** States in which a subscriber has caught up, and those in which new results are kept for it instead of being sent. */
export const STATE_TRAITS = {
  starting: { hasCaughtUp: false, isPassedOver: false },
  catchingUp: { hasCaughtUp: false, isPassedOver: false },
  confirming: { hasCaughtUp: true, isPassedOver: true },
  live: { hasCaughtUp: true, isPassedOver: false },
  waiting: { hasCaughtUp: true, isPassedOver: true },
  left: { hasCaughtUp: false, isPassedOver: false },
} as const satisfies Record<SubscriberState, { hasCaughtUp: boolean; isPassedOver: boolean }>;

/** How the stream is ended for each event. Null when the client has ended it. */
export const END_REASONS = {
  clientLeft: null,
  logGone: 'complete',
  logRestarted: 'restart',
  entriesPruned: 'restart',
  fellBehind: 'slow',
  failed: 'restart',
} as const satisfies Record<LeaveEvent, EndReason | null>;
