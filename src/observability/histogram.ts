export interface HistogramOptions {
  /** Names of its labels. */
  labels?: readonly string[];
  /** Upper bounds in ascending order. */
  buckets: readonly number[];
}

/** The observations with the same labels. */
class Series {
  readonly labels: Readonly<Record<string, string>>;
  /** For each bound the observations up to it and above the one before; the last are above all bounds. */
  readonly counts: Float64Array;
  sum = 0;

  constructor(labels: Readonly<Record<string, string>>, bounds: number) {
    this.labels = labels;
    this.counts = new Float64Array(bounds + 1);
  }
}

interface Sample {
  metricName: string;
  labels: Readonly<Record<string, string | number>>;
  value: number;
}

/** What prom-client's registry asks a metric for. */
interface Samples {
  name: string;
  help: string;
  type: 'histogram';
  values: Sample[];
}

/**
 * A histogram for prom-client's registry. The library's own takes several microseconds for an observation, as it finds labels and
 * buckets by their texts; each operation has two, and one for each of its statements.
 */
export class Histogram {
  readonly name: string;
  readonly #help: string;
  readonly #labels: readonly string[];
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, Series>();

  constructor(name: string, help: string, { labels = [], buckets }: HistogramOptions) {
    this.name = name;
    this.#help = help;
    this.#labels = labels;
    this.#bounds = buckets;
    // One without labels has figures from the start.
    if (labels.length === 0) this.#seriesOf([]);
  }

  /** @param labels values of the labels, in the order of their names */
  observe(value: number, ...labels: readonly string[]): void {
    const series = this.#seriesOf(labels);
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]!) bucket += 1;
    series.counts[bucket]! += 1;
    series.sum += value;
  }

  /** Called by the registry. */
  async get(): Promise<Samples> {
    const values = [...this.#series.values()].flatMap((series) => this.#samplesOf(series));
    return { name: this.name, help: this.#help, type: 'histogram', values };
  }

  #seriesOf(values: readonly string[]): Series {
    const key = values.length === 1 ? values[0]! : values.join('\n');
    let series = this.#series.get(key);
    if (!series) {
      const labels = Object.fromEntries(this.#labels.map((label, i) => [label, values[i]!]));
      series = new Series(labels, this.#bounds.length);
      this.#series.set(key, series);
    }
    return series;
  }

  #samplesOf({ labels, counts, sum }: Series): Sample[] {
    const samples: Sample[] = [];
    let count = 0;
    for (const [i, bound] of [...this.#bounds, '+Inf'].entries()) {
      count += counts[i]!;
      samples.push({ metricName: `${this.name}_bucket`, labels: { le: bound, ...labels }, value: count });
    }
    samples.push({ metricName: `${this.name}_sum`, labels, value: sum });
    samples.push({ metricName: `${this.name}_count`, labels, value: count });
    return samples;
  }
}
