/** Who is away: the database, for all gateways, or the gateway that is restarted. */
export type Absent = 'database' | 'second gateway';

interface Span {
  of: Absent;
  from: number;
  to: number;
}

/** Milliseconds after an outage in which its effects end: until jobs and wake-ups have tried again. */
const AFTERMATH = 15_000;

/** Remembers what was away and when, so that faults that it explains are known. */
export class Outages {
  readonly #spans: Span[] = [];

  async during(of: Absent, work: () => Promise<void>): Promise<void> {
    const span: Span = { of, from: performance.now(), to: Number.POSITIVE_INFINITY };
    this.#spans.push(span);
    try {
      await work();
    } finally {
      span.to = performance.now() + AFTERMATH;
    }
  }

  /** Whether something of the given kinds was away at some time since then, by `performance.now()`. */
  explain(since: number, kinds: readonly Absent[]): boolean {
    return this.#spans.some(({ of, from, to }) => kinds.includes(of) && to >= since && from <= performance.now());
  }
}
