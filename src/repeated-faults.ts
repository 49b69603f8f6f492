/** Milliseconds in which the repetitions of a fault are one line. */
const INTERVAL = 10_000;
/** Longest interval of a fault that goes on: it doubles each time. */
const LONGEST_INTERVAL = 300_000;
/** Kinds of faults that are counted at a time; the counts of others are written early. */
const MAX_KINDS = 200;

/** A kind of fault whose repetitions are counted. */
interface Repetitions<Line> {
  /** The latest repetition. */
  last: Line;
  /** Repetitions that no line has reported. */
  count: number;
  /** Milliseconds until the next line about them. */
  interval: number;
  timer: NodeJS.Timeout;
}

/** Writes a fault once, and then one line per interval with the number of its repetitions. */
export class RepeatedFaults<Line> {
  readonly #writeCount: (last: Line, count: number, seconds: number) => void;
  readonly #byKind = new Map<string, Repetitions<Line>>();

  /** @param writeCount called with the last repetition, their number, and the seconds in which they occurred */
  constructor(writeCount: (last: Line, count: number, seconds: number) => void) {
    this.#writeCount = writeCount;
  }

  /** @returns whether the fault is new, so that the caller writes it in full; a repetition is counted here */
  isNew(kind: string, line: Line): boolean {
    const known = this.#byKind.get(kind);
    if (known) {
      known.count += 1;
      known.last = line;
      return false;
    }
    if (this.#byKind.size >= MAX_KINDS) this.#forget(this.#byKind.keys().next().value!);
    this.#byKind.set(kind, { last: line, count: 0, interval: INTERVAL, timer: this.#reportAfter(kind, INTERVAL) });
    return true;
  }

  /** Writes all counts now, when the process is about to end. */
  flush(): void {
    for (const kind of [...this.#byKind.keys()]) this.#forget(kind);
  }

  #reportAfter(kind: string, milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => this.#report(kind), milliseconds).unref();
  }

  #report(kind: string): void {
    const known = this.#byKind.get(kind)!;
    // It has not occurred again: the next time it is written in full.
    if (known.count === 0) {
      this.#forget(kind);
      return;
    }
    this.#write(known);
    known.interval = Math.min(known.interval * 2, LONGEST_INTERVAL);
    known.timer = this.#reportAfter(kind, known.interval);
  }

  #forget(kind: string): void {
    const known = this.#byKind.get(kind)!;
    clearTimeout(known.timer);
    this.#byKind.delete(kind);
    if (known.count > 0) this.#write(known);
  }

  #write(known: Repetitions<Line>): void {
    this.#writeCount(known.last, known.count, known.interval / 1_000);
    known.count = 0;
  }
}

/**
 * The kind of a fault: its message with the code of the error. An error without a code is told apart by its type and by
 * the place that threw it. Not by the text of the error, which may hold values of a request.
 */
export function kindOf(message: string, error: unknown): string {
  if (!(error instanceof Error)) return `${message}|${typeof error}`;
  const { code } = error as Error & { code?: unknown };
  if (typeof code === 'string') return `${message}|${isLostConnection(code) ? 'connection' : code}`;
  return `${message}|${error.constructor.name}|${/^ +at .*/m.exec(error.stack ?? '')?.[0].trim() ?? ''}`;
}

/**
 * A server that is gone is one fault, although it has a code for each moment: the connection ends (57P01 to 57P03, or a
 * reset), is refused, or takes too long.
 */
function isLostConnection(code: string): boolean {
  return /^(57P0\d|08\w{3}|E(CONN\w+|PIPE|TIMEDOUT|HOST\w+|NET\w+))$/.test(code);
}
