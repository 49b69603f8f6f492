import { collectDefaultMetrics, Registry } from 'prom-client';

/** Milliseconds between the looks that measure the delay of the event loop. */
const EVENT_LOOP_PRECISION = 20;

let figures: Registry | null = null;

/** Figures of the process: event loop, memory, processor time, garbage collection. They are collected once, however many gateways it has. */
export function processFigures(): Registry {
  if (!figures) {
    figures = new Registry();
    collectDefaultMetrics({ register: figures, eventLoopMonitoringPrecision: EVENT_LOOP_PRECISION });
  }
  return figures;
}
