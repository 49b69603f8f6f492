import type { Conversion } from '../../schema/content/text/conversions.ts';

/** A message to a conversion thread. */
export interface ConversionTask {
  name: Conversion;
  source: string;
}

/**
 * A message from a conversion thread: first that it is ready, then the answer to each task.
 * `taskId` is its number among the threads of the process; null where the system has none.
 */
export type ConversionAnswer =
  | { ready: true; taskId: number | null }
  | { result: unknown }
  | { tooLarge: true }
  | { fault: string };
