import { Counter, Gauge, type Metric, Registry } from 'prom-client';
import { Histogram, type HistogramOptions } from './histogram.ts';

/** Values by the value of one label. */
export type ByLabel = Iterable<readonly [label: string, value: number]>;

/** Upper bounds in seconds of what takes from a millisecond to ten seconds. */
export const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Figures in the text format of Prometheus. Gauges and counters are read when somebody asks, and cost nothing in between. */
export class Figures {
  readonly #all = new Registry();
  readonly #registers = [this.#all];

  text(): Promise<string> {
    return this.#all.metrics();
  }

  gauge(name: string, help: string, read: () => number | Promise<number>): void {
    async function collect(this: Gauge): Promise<void> {
      this.set(await read());
    }
    new Gauge({ name: `broadsheet_${name}`, help, registers: this.#registers, collect });
  }

  gauges<Label extends string>(name: `${string}{${Label}}`, help: string, read: () => ByLabel): void {
    const { base, label } = partsOf(name);
    function collect(this: Gauge<Label>): void {
      this.reset();
      for (const [value, figure] of read()) this.labels(value).set(figure);
    }
    new Gauge({ name: `broadsheet_${base}`, help, registers: this.#registers, labelNames: [label as Label], collect });
  }

  counter(name: string, help: string, read: () => number): void {
    function collect(this: Counter): void {
      this.reset();
      this.inc(read());
    }
    new Counter({ name: `broadsheet_${name}_total`, help, registers: this.#registers, collect });
  }

  counters<Label extends string>(name: `${string}{${Label}}`, help: string, read: () => ByLabel): void {
    const { base, label } = partsOf(name);
    function collect(this: Counter<Label>): void {
      this.reset();
      for (const [value, figure] of read()) this.labels(value).inc(figure);
    }
    const labelNames = [label as Label];
    new Counter({ name: `broadsheet_${base}_total`, help, registers: this.#registers, labelNames, collect });
  }

  histogram(name: string, help: string, options: HistogramOptions): Histogram {
    const histogram = new Histogram(`broadsheet_${name}`, help, options);
    this.#all.registerMetric(histogram as unknown as Metric);
    return histogram;
  }
}

/** The name and the label of `name{label}`. */
function partsOf(name: string): { base: string; label: string } {
  const [, base, label] = /^(\w+)\{(\w+)\}$/.exec(name)!;
  return { base: base!, label: label! };
}

/** Counts by the value of one label. */
export class Tally {
  readonly #counts: Map<string, number>;

  /** @param known labels that have a figure from the start: Prometheus computes no rate of the first one */
  constructor(known: readonly string[] = []) {
    this.#counts = new Map(known.map((label) => [label, 0]));
  }

  add(label: string, count = 1): void {
    this.#counts.set(label, (this.#counts.get(label) ?? 0) + count);
  }

  [Symbol.iterator](): Iterator<[string, number]> {
    return this.#counts[Symbol.iterator]();
  }
}
