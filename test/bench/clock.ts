/** From performance.now(), which counts from a process's start, to the machine's monotonic clock: both read that one. */
const OFFSET = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** Milliseconds on a clock that all processes of a machine share, so that one may say when and another how long ago. */
export function now(): number {
  return performance.now() + OFFSET;
}
