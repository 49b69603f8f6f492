import type { Reading, TableSize } from './reading.ts';

/** Fewer rows share pages, so that their size says nothing. */
const LEAST_ROWS = 200;

/**
 * The sizes of tables and indexes in percent of what their rows would need if each took as much as at the first reading: a table
 * that only gets more rows stays at 100, and one that keeps the room of deleted rows grows.
 */
export function withGrowth(readings: readonly Reading[]): Reading[] {
  const first = readings.find(({ tables }) => tables.length > 0)?.tables ?? [];
  const references = new Map(first.filter(({ rows }) => rows >= LEAST_ROWS).map((table) => [table.name, table]));
  return readings.map((reading) => {
    const tables = reading.tables.filter(({ name }) => references.has(name));
    if (tables.length === 0) return reading;
    const share = (kind: 'bytes' | 'indexBytes'): number => {
      const needed = tables.reduce((sum, { name, rows }) => {
        const reference = references.get(name)!;
        return sum + (rows * reference[kind]) / reference.rows;
      }, 0);
      return (100 * tables.reduce((sum, table) => sum + table[kind], 0)) / needed;
    };
    const values = new Map(reading.values);
    values.set('tables, size for their rows', share('bytes')).set('indexes, size for their rows', share('indexBytes'));
    return { ...reading, values };
  });
}

/** The tables that have become largest: rows, and bytes of a row at the beginning and at the end. */
export function largestTables(readings: readonly Reading[], count: number): string[][] {
  const [first, last] = [
    readings.find(({ tables }) => tables.length > 0),
    readings.findLast(({ tables }) => tables.length > 0),
  ];
  if (!first || !last) return [];
  const before = new Map(first.tables.map((table) => [table.name, table]));
  return last.tables
    .toSorted((one, other) => other.bytes + other.indexBytes - one.bytes - one.indexBytes)
    .slice(0, count)
    .map((table) => {
      const was = before.get(table.name)!;
      const perRow = (kind: 'bytes' | 'indexBytes', { rows, ...size }: TableSize): string =>
        (size[kind] / Math.max(1, rows)).toFixed(0);
      return [
        table.name,
        `${was.rows}`,
        `${table.rows}`,
        `${table.dead}`,
        `${perRow('bytes', was)} to ${perRow('bytes', table)}`,
        `${perRow('indexBytes', was)} to ${perRow('indexBytes', table)}`,
      ];
    });
}
