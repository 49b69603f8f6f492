import { WindowCache } from './window-cache.ts';

/** Milliseconds of work that a sender may cause at once. */
const BURST = 10_000;
/** Senders that are kept. Past this number the one that caused work least recently may cause a burst again. */
const MAX_SENDERS = 50_000;

/** Paces work that is never refused: who has caused too much waits. */
export class Pace {
  readonly #millisecondsPerPoint: number;
  /** Until when each sender has used its time. */
  readonly #used = new WindowCache<{ endsAt: number }>(MAX_SENDERS);

  constructor(pointsPerMinute: number) {
    this.#millisecondsPerPoint = 60_000 / pointsPerMinute;
  }

  /**
   * Counts points of a sender.
   * @returns the milliseconds that it must wait before it causes more
   */
  count(sender: string, points: number): number {
    const now = performance.now();
    const used = this.#used.get(sender, now);
    const endsAt = (used?.endsAt ?? now) + points * this.#millisecondsPerPoint;
    if (used) used.endsAt = endsAt;
    else if (points > 0) this.#used.add(sender, { endsAt }, now);
    return Math.max(0, endsAt - now - BURST);
  }
}
