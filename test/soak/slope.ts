/** A value at a time in minutes. */
export interface Sample {
  at: number;
  value: number;
}

/** Growth per ten minutes, and the interval that has the true one with a probability of 95 %. */
export interface Slope {
  estimate: number;
  low: number;
  high: number;
  /** The value at the beginning and at the end, on the line of this slope. */
  from: number;
  to: number;
}

/** Of a block of samples: its middle, or its least value, such as memory after a garbage collection. */
export type Statistic = 'median' | 'least';

/** Quantile of the normal distribution for an interval of 95 %. */
const Z = 1.96;
/** Fewer blocks give no interval. */
const LEAST_BLOCKS = 5;

/**
 * The estimate of Theil and Sen, the median of the slopes between all pairs of blocks, which a few outliers do not move, with
 * the interval of Sen (1968). Samples that follow on each other are alike, so they are first combined into blocks.
 * @returns null when there are too few samples
 */
export function slopeOf(
  samples: readonly Sample[],
  { blocks, statistic }: { blocks: number; statistic: Statistic },
): Slope | null {
  const points = combined(samples, blocks, statistic);
  if (points.length < LEAST_BLOCKS) return null;
  const slopes = points
    .flatMap((one, i) => points.slice(i + 1).map((other) => (other.value - one.value) / (other.at - one.at)))
    .sort((one, other) => one - other);
  const n = points.length;
  const spread = Z * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const at = (rank: number): number => slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(rank)))]! * 10;
  const estimate = at((slopes.length - 1) / 2);
  const middle = medianOf(points.map(({ at, value }) => value - (estimate / 10) * at));
  return {
    estimate,
    low: at((slopes.length - spread) / 2 - 1),
    high: at((slopes.length + spread) / 2),
    from: middle + (estimate / 10) * points[0]!.at,
    to: middle + (estimate / 10) * points.at(-1)!.at,
  };
}

/** Blocks of equal length in time. One without samples is left out. */
function combined(samples: readonly Sample[], blocks: number, statistic: Statistic): Sample[] {
  const [first, last] = [samples[0]?.at ?? 0, samples.at(-1)?.at ?? 0];
  if (last === first) return [];
  const groups = Array.from({ length: blocks }, (): Sample[] => []);
  for (const sample of samples)
    groups[Math.min(blocks - 1, Math.floor(((sample.at - first) / (last - first)) * blocks))]!.push(sample);
  return groups
    .filter(({ length }) => length > 0)
    .map((group) => {
      const values = group.map(({ value }) => value);
      return {
        at: medianOf(group.map(({ at }) => at)),
        value: statistic === 'median' ? medianOf(values) : Math.min(...values),
      };
    });
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
