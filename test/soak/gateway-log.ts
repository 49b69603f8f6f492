import type { Absent, Outages } from './outages.ts';

interface Line {
  level?: string;
  msg?: string;
  /** Seconds since the first of the faults that a line counts. */
  withinSeconds?: number;
  err?: { code?: string; message?: string };
}

/** The log of a gateway: errors that no outage explains, and the numbers of those that one does. */
export class GatewayLog {
  readonly unexplained: string[] = [];
  /** Times that each message was logged as an error, or with its fault, during an outage or after it. */
  readonly explained = new Map<string, number>();
  readonly #outages: Outages;
  readonly #kinds: readonly Absent[];
  #rest = '';

  /** @param kinds what, when it is away, explains errors of this gateway */
  constructor(outages: Outages, kinds: readonly Absent[]) {
    this.#outages = outages;
    this.#kinds = kinds;
  }

  add(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#take(line);
  }

  #take(text: string): void {
    const line = parsed(text);
    if (line?.level === 'info' && !line.err) return;
    const message = line ? `${line.msg}${line.err ? `: ${line.err.code ?? ''} ${line.err.message ?? ''}` : ''}` : text;
    const since = performance.now() - 1_000 * (line?.withinSeconds ?? 0);
    if (this.#outages.explain(since, this.#kinds)) this.explained.set(message, (this.explained.get(message) ?? 0) + 1);
    else this.unexplained.push(text);
  }
}

/** Null for what is no line of the log, such as a warning of Node. */
function parsed(text: string): Line | null {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return null;
  }
}
