import type { OperationObserver, OperationRecord } from '../execution/index.ts';
import { DURATIONS, type Figures, Tally } from './figures.ts';
import type { OperationNames } from './operation-names.ts';
import type { Rejections } from './rejections.ts';

/** Codes of documents that are not executed. */
const OF_DOCUMENTS =
  /^(GRAPHQL_(PARSE|VALIDATION)_FAILED|DOCUMENT_TOO_LARGE|PERSISTED_QUERY_(HASH_MISMATCH|NOT_IN_LIST|ID_REQUIRED))$/;

interface OperationFiguresOptions {
  figures: Figures;
  names: OperationNames;
  rejections: Rejections;
}

/** Counts operations. */
export function countOperations({ figures, names, rejections }: OperationFiguresOptions): OperationObserver {
  const durations = figures.histogram(
    'operation_duration_seconds',
    'Time from the request to its response. Of a subscription, until it has begun.',
    { labels: ['kind', 'operation'], buckets: DURATIONS },
  );
  const costs = figures.histogram('operation_cost_points', 'Points that operations cost.', {
    labels: ['kind'],
    buckets: [1, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000],
  });
  const transports = new Tally();
  const errors = new Tally(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE']);
  figures.counters('operations{transport}', 'Operations that have ended, by transport.', () => transports);
  figures.counters('operation_errors{code}', 'Operations with an error, by its code.', () => errors);

  function onOperationEnd({ description, duration, cost, transport, codes }: OperationRecord): void {
    const kind = description?.kind ?? 'unknown';
    durations.observe(duration! / 1_000, kind, names.labelOf(description?.name ?? null));
    // That of a document that is far too expensive is infinite, and so would be the sum.
    if (cost !== null) costs.observe(Math.min(cost, Number.MAX_SAFE_INTEGER), kind);
    transports.add(transport);
    for (const code of codes) {
      errors.add(code);
      if (OF_DOCUMENTS.test(code)) rejections.add('document');
      else if (code === 'OPERATION_TOO_EXPENSIVE') rejections.add('cost_limit');
    }
  }

  return { onOperationEnd };
}
