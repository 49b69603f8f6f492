/** Milliseconds between two positions that are remembered. */
const INTERVAL = 50;
/** Positions that are remembered: the last minute at least. */
const MOST = 2_000;

/** When the write-ahead log of the primary was seen at which position. */
export class LogPositions {
  readonly #seen: { position: number; at: number }[] = [];

  /** @param position bytes; less than before after another database has taken the primary's place */
  add(position: number, now = performance.now()): void {
    const last = this.#seen.at(-1);
    if (last && position < last.position) this.#seen.length = 0;
    else if (last && (position === last.position || now - last.at < INTERVAL)) return;
    this.#seen.push({ position, at: now });
    if (this.#seen.length > MOST) this.#seen.splice(0, MOST / 2);
  }

  /** Milliseconds since the log was seen past a position; 0 when it was not. */
  lagOf(position: number, now = performance.now()): number {
    const next = this.#seen.find((seen) => seen.position > position);
    return next ? now - next.at : 0;
  }
}
