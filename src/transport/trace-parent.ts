import type { TraceParent } from '../execution/index.ts';

/** Version, trace id, span id and flags. A later version may add more; ids of zeros are not valid. */
const TRACE_PARENT =
  /^(?!ff)[0-9a-f]{2}-(?<traceId>(?!0{32})[0-9a-f]{32})-(?<spanId>(?!0{16})[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?:-.*)?$/;

/** Reads a `traceparent` (W3C Trace Context); null for one that is not valid. */
export function readTraceParent(text: unknown): TraceParent | null {
  const groups = typeof text === 'string' ? TRACE_PARENT.exec(text)?.groups : undefined;
  return groups
    ? { traceId: groups.traceId!, spanId: groups.spanId!, flags: Number.parseInt(groups.flags!, 16) }
    : null;
}
