import type { EndReason } from './result-sink.ts';

/** Figures of all groups of a process. */
export class DeliveryTotals {
  /** Subscribers that have caught up. */
  live = 0;
  /** Results that were rendered, each once for all subscribers of a group. */
  rendered = 0;
  /** Results that were sent, each to one subscriber. */
  sent = 0;
  /** UTF-16 code units of the results that are kept for slow subscribers. */
  waitingCharacters = 0;
  /** Called when an event was sent to the live subscribers of a group, with the milliseconds since its commit. */
  onDelivery: (milliseconds: number) => void = () => {};
  /** Subscriptions that the gateway ended, not the client. */
  readonly ended: Record<EndReason, number> = { complete: 0, restart: 0, slow: 0 };
}
