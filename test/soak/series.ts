import type { Reading } from './reading.ts';
import { type Slope, type Statistic, slopeOf } from './slope.ts';

/** A figure that must not grow while the site's use stays the same. */
export interface Series {
  name: string;
  unit: string;
  statistic: Statistic;
  /** Growth in ten minutes that is allowed over an hour: a number of units, or a share of its middle. */
  allowed: number | { share: number };
  /** Minutes after which it has its level; before, its slope says nothing. */
  levelAfter?: number;
}

export interface Verdict {
  series: Series;
  slope: Slope | null;
  /** Growth in ten minutes that a run of this length allows. */
  allowed: number;
  /** `unseen`: the run was too short to tell. */
  result: 'level' | 'grows' | 'unseen';
}

const HOUR = 60;
/** Blocks into which the measured time is divided. */
const BLOCKS = 12;

/**
 * Judges one series. What is allowed grows as the run gets shorter, since noise then looks more like a slope: three times as
 * much over twenty minutes as over an hour. It grows if the estimate exceeds that and growth is certain (95 %).
 * @param readings after the warm-up
 */
export function judge(series: Series, readings: readonly Reading[]): Verdict {
  const samples = readings.flatMap(({ at, values }) => {
    const value = values.get(series.name);
    return value === undefined || at < (series.levelAfter ?? 0) ? [] : [{ at, value }];
  });
  const slope = slopeOf(samples, { blocks: BLOCKS, statistic: series.statistic });
  if (!slope) return { series, slope, allowed: 0, result: 'unseen' };
  const minutes = samples.at(-1)!.at - samples[0]!.at;
  const { allowed: limit } = series;
  const hourly = typeof limit === 'number' ? limit : limit.share * Math.abs((slope.from + slope.to) / 2);
  const allowed = hourly * Math.max(1, HOUR / minutes);
  if (slope.estimate <= allowed) return { series, slope, allowed, result: 'level' };
  return { series, slope, allowed, result: slope.low > 0 ? 'grows' : 'unseen' };
}

/** Of the gateway that stays up. */
export const GATEWAY_SERIES: readonly Series[] = [
  { name: 'memory (RSS)', unit: 'MB', statistic: 'median', allowed: 1, levelAfter: 10 },
  { name: 'heap, all pages', unit: 'MB', statistic: 'median', allowed: 1, levelAfter: 10 },
  { name: 'memory outside of V8', unit: 'MB', statistic: 'median', allowed: 1, levelAfter: 10 },
  { name: 'heap without garbage', unit: 'MB', statistic: 'median', allowed: 1, levelAfter: 5 },
  { name: 'buffers, least', unit: 'MB', statistic: 'least', allowed: 1, levelAfter: 10 },
  { name: 'file descriptors', unit: '', statistic: 'median', allowed: 2 },
  { name: 'active resources', unit: '', statistic: 'median', allowed: 3 },
  { name: 'timers', unit: '', statistic: 'median', allowed: 1 },
  { name: 'database connections', unit: '', statistic: 'median', allowed: 0.5 },
  { name: 'sockets and streams', unit: '', statistic: 'median', allowed: 3 },
  { name: 'subscription groups', unit: '', statistic: 'median', allowed: 2 },
  { name: 'followed logs', unit: '', statistic: 'median', allowed: 0.5 },
  { name: 'delay of the event loop', unit: 'ms', statistic: 'median', allowed: 1 },
];

/** Of the database. */
export const DATABASE_SERIES: readonly Series[] = [
  { name: 'connections to the database', unit: '', statistic: 'median', allowed: 1 },
  { name: 'transactions open for a minute', unit: '', statistic: 'median', allowed: 0.1 },
  { name: 'locks', unit: '', statistic: 'median', allowed: 3 },
  { name: 'event log', unit: 'rows', statistic: 'median', allowed: { share: 0.1 }, levelAfter: 10 },
  // They are deleted every five minutes, and each is kept for two periods at most.
  { name: 'changes for kept responses', unit: 'rows', statistic: 'median', allowed: { share: 0.1 }, levelAfter: 12 },
  { name: 'notices that wait', unit: 'rows', statistic: 'median', allowed: 5 },
  // The server deletes dead rows of a table every minute at most, and when they are a fifth of it.
  { name: 'dead rows, share', unit: '%', statistic: 'median', allowed: 1, levelAfter: 10 },
  { name: 'tables, size for their rows', unit: '%', statistic: 'median', allowed: 5, levelAfter: 10 },
  { name: 'indexes, size for their rows', unit: '%', statistic: 'median', allowed: 5, levelAfter: 10 },
  { name: 'tables of short-lived rows', unit: 'kB', statistic: 'median', allowed: 500, levelAfter: 10 },
];
