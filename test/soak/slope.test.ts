import { describe, expect, it } from 'vitest';
import { random } from '../seed.ts';
import type { Reading } from './reading.ts';
import { judge, type Series } from './series.ts';
import { type Sample, slopeOf } from './slope.ts';
import { withGrowth } from './table-growth.ts';

const next = random(3);
const SERIES: Series = { name: 'memory', unit: 'MB', statistic: 'median', allowed: 1 };

/** A sample every five seconds. */
function samplesOver(minutes: number, valueAt: (minute: number) => number): Sample[] {
  return Array.from({ length: minutes * 12 }, (_, n) => ({ at: n / 12, value: valueAt(n / 12) }));
}

function readingsOver(minutes: number, valueAt: (minute: number) => number): Reading[] {
  return samplesOver(minutes, valueAt).map(({ at, value }) => ({
    at,
    values: new Map([['memory', value]]),
    tables: [],
  }));
}

const noise = (size: number): number => (next() - 0.5) * size;

describe('a slope', () => {
  it('is that of the line, whatever a few outliers and noise are', () => {
    const samples = samplesOver(60, (minute) => 100 + 0.2 * minute + noise(10) + (next() < 0.05 ? 200 : 0));
    const slope = slopeOf(samples, { blocks: 12, statistic: 'median' })!;
    expect(slope.estimate).toBeGreaterThan(1.5);
    expect(slope.estimate).toBeLessThan(2.5);
    expect(slope.low).toBeLessThan(2);
    expect(slope.high).toBeGreaterThan(2);
    expect(slope.from).toBeGreaterThan(97);
    expect(slope.to).toBeLessThan(115);
  });

  it('of the least values ignores what is collected again and again', () => {
    const slope = slopeOf(
      samplesOver(60, (minute) => 100 + ((minute * 7) % 40)),
      { blocks: 12, statistic: 'least' },
    )!;
    expect(Math.abs(slope.estimate)).toBeLessThan(0.5);
  });

  it('is unknown with a few samples', () => {
    expect(slopeOf([], { blocks: 12, statistic: 'median' })).toBeNull();
    expect(slopeOf([{ at: 1, value: 1 }], { blocks: 12, statistic: 'median' })).toBeNull();
    expect(slopeOf(samplesOver(1, () => 1).slice(0, 4), { blocks: 12, statistic: 'median' })).toBeNull();
  });
});

describe('a series', () => {
  it('grows when its growth is above the limit and certain', () => {
    expect(
      judge(
        SERIES,
        readingsOver(60, (minute) => 100 + 0.2 * minute + noise(5)),
      ).result,
    ).toBe('grows');
    expect(
      judge(
        SERIES,
        readingsOver(60, (minute) => 100 + 0.05 * minute + noise(5)),
      ).result,
    ).toBe('level');
    expect(
      judge(
        SERIES,
        readingsOver(60, (minute) => 100 - 2 * minute),
      ).result,
    ).toBe('level');
  });

  it('may grow more in a short run, which is told', () => {
    const short = judge(
      SERIES,
      readingsOver(15, (minute) => 100 + 0.2 * minute),
    );
    expect(short.result).toBe('level');
    expect(short.allowed).toBeGreaterThan(4);
    expect(
      judge(
        SERIES,
        readingsOver(15, (minute) => 100 + minute),
      ).result,
    ).toBe('grows');
    const unclear = judge(
      SERIES,
      readingsOver(2, () => noise(500)),
    );
    expect(unclear.result).not.toBe('grows');
  });

  it('is not judged before it has its level, nor when it has no samples', () => {
    const growing = readingsOver(11, (minute) => 100 * minute);
    expect(judge({ ...SERIES, levelAfter: 12 }, growing).result).toBe('unseen');
    expect(judge({ ...SERIES, name: 'another' }, growing).result).toBe('unseen');
  });

  it('with a share for a limit may grow by that share of its middle', () => {
    const series: Series = { ...SERIES, allowed: { share: 0.05 } };
    const growing = (share: number) => readingsOver(60, (minute) => 1_000 * (1 + (share * (minute - 30)) / 10));
    expect(judge(series, growing(0.04)).result).toBe('level');
    expect(judge(series, growing(0.06)).result).toBe('grows');
  });
});

describe('the size of tables', () => {
  const reading = (at: number, rows: number, bytes: number): Reading => ({
    at,
    values: new Map(),
    tables: [{ name: 'comment', rows, dead: 0, bytes, indexBytes: 50 * rows }],
  });

  it('is that which their rows need, and more when the room of deleted rows is kept', () => {
    const readings = [reading(0, 1_000, 100_000), reading(1, 2_000, 200_000), reading(2, 2_000, 300_000)];
    const shares = withGrowth(readings).map(({ values }) => values.get('tables, size for their rows'));
    expect(shares).toEqual([100, 100, 150]);
    expect(withGrowth(readings).map(({ values }) => values.get('indexes, size for their rows'))).toEqual([
      100, 100, 100,
    ]);
  });

  it('of a few rows, or without any reading, says nothing', () => {
    const readings = [{ at: 0, values: new Map(), tables: [] }, reading(1, 10, 100), reading(2, 20, 100_000)];
    expect(withGrowth(readings).map(({ values }) => values.size)).toEqual([0, 0, 0]);
  });
});
