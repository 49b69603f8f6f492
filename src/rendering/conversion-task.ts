import type { Conversion } from '../../schema/content/text/conversions.ts';

/** A message to a conversion thread. */
export interface ConversionTask {
  name: Conversion;
  source: string;
}

/** A message from a conversion thread: first that it is ready, then the answer to each task. */
export type ConversionAnswer = { ready: true } | { result: unknown } | { tooLarge: true } | { fault: string };
