import type { EndReason } from './result-sink.ts';

/** What all groups of a process come to. */
export class DeliveryTotals {
  /** Subscribers who have caught up, and are told what happens as it happens. */
  live = 0;
  /** Results that were made, each for all who see the same. */
  rendered = 0;
  /** Results that were sent, each to one of them. */
  sent = 0;
  /** UTF-16 code units of the results that slow readers have not taken yet. */
  waitingCharacters = 0;
  /** Subscriptions that were ended here, not by those who follow. */
  readonly ended: Record<EndReason, number> = { complete: 0, restart: 0, slow: 0 };
}
