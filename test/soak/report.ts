import { table } from '../bench/table.ts';
import type { Reading } from './reading.ts';
import { DATABASE_SERIES, GATEWAY_SERIES, judge, type Verdict } from './series.ts';
import type { SoakResult } from './soak.ts';
import { largestTables, withGrowth } from './table-growth.ts';

/** Prints what was found. @returns whether nothing was */
export function report({ readings: all, warmUp, faults, counts, explained }: SoakResult): boolean {
  const readings = withGrowth(all.filter(({ at }) => at >= warmUp));
  const verdicts = [...GATEWAY_SERIES, ...DATABASE_SERIES].map((series) => judge(series, readings));
  const last = readings.at(-1)?.at ?? 0;
  console.log(
    `\n${table(
      ['What happened', 'times'],
      [...counts].map(([name, count]) => [name, `${count}`]),
    )}`,
  );
  if (explained.size > 0)
    console.log(
      `\n${table(
        ['Log lines that an outage explains', 'lines'],
        [...explained].map(([text, count]) => [text.slice(0, 100), `${count}`]),
      )}`,
    );
  console.log(
    `\nGrowth in ten minutes, from minute ${warmUp.toFixed(1)} to ${last.toFixed(1)}, and where it lies with a probability of 95 %:\n`,
  );
  const header = ['Figure', 'from', 'to', 'growth', 'between', 'allowed', ''];
  console.log(table(header, verdicts.map(row)));
  console.log(`\n${table(['Minute', ...OVER_TIME], overTime(all))}`);
  const sizes = ['Table', 'rows', 'at the end', 'dead', 'bytes a row', 'of indexes'];
  console.log(`\n${table(sizes, largestTables(readings, 8))}\n`);
  for (const line of faults.lines) console.log(line);
  const grows = verdicts.filter(({ result }) => result === 'grows');
  const isGood = faults.count === 0 && grows.length === 0;
  console.log(
    `\n${isGood ? 'Nothing was lost, and nothing grows' : 'FAILED'}: ${faults.count} faults, ${grows.length} figures grow.`,
  );
  return isGood;
}

/** Figures whose course says more than their slope. */
const OVER_TIME = [
  'memory (RSS)',
  'heap, all pages',
  'heap without garbage',
  'memory outside of V8',
  'kept responses (MB)',
  'file descriptors',
];
const MOMENTS = 12;

/** The least value of each figure in each part of the run. */
function overTime(readings: readonly Reading[]): string[][] {
  const size = Math.max(1, Math.ceil(readings.length / MOMENTS));
  return Array.from({ length: Math.ceil(readings.length / size) }, (_, n) => {
    const part = readings.slice(n * size, (n + 1) * size);
    const least = (name: string): string => {
      const values = part.flatMap(({ values }) => values.get(name) ?? []);
      return values.length > 0 ? Math.min(...values).toFixed(1) : '';
    };
    return [part.at(-1)!.at.toFixed(1), ...OVER_TIME.map(least)];
  });
}

const RESULTS = { level: 'level', grows: 'GROWS', unseen: 'too short to tell' };

function row({ series: { name, unit }, slope, allowed, result }: Verdict): string[] {
  if (!slope) return [name, '', '', '', '', '', RESULTS[result]];
  const { from, to, estimate, low, high } = slope;
  const text = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2));
  return [
    name,
    ...[`${text(from)} ${unit}`, `${text(to)} ${unit}`, text(estimate)].map((cell) => cell.trim()),
    `${text(low)} to ${text(high)}`,
    text(allowed),
    RESULTS[result],
  ];
}
