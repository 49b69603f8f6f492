import { portOrOff, share, wholeNumber } from './config-values.ts';

/** What operators learn of the gateway. Times are milliseconds. */
export const OBSERVABILITY = {
  /** Part of the operations that have a line in the log. Failed and slow ones always have one. */
  logOperations: { name: 'LOG_OPERATIONS', default: '0.01', schema: share() },
  /** From this time on an operation is slow. */
  logSlowOperation: { name: 'LOG_SLOW_OPERATION', default: '1000', schema: wholeNumber(1, 600_000) },
  /** From this time on a statement is slow. */
  logSlowStatement: { name: 'LOG_SLOW_STATEMENT', default: '500', schema: wholeNumber(1, 600_000) },
  /** The TCP port of the metrics; 0 takes a free one. `off` counts nothing. Null serves them beside the graph, to this machine only. */
  metricsPort: { name: 'METRICS_PORT', default: null, schema: portOrOff() },
} as const;
