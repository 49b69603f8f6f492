import { portOrOff, share, wholeNumber } from './config-values.ts';
import { secretsIn } from './server-address.ts';

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

type Environment = Readonly<Record<string, string | undefined>>;

/** Where OpenTelemetry's libraries read the address that spans are sent to, and headers such as the key of a service. */
const TRACE_ADDRESSES = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'];
const TRACE_HEADERS = ['OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'OTEL_EXPORTER_OTLP_HEADERS'];

/** Whether the environment says where traces are sent to, and does not turn them off. */
export function sendsTraces(environment: Environment): boolean {
  const isOff = environment.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || environment.OTEL_TRACES_EXPORTER === 'none';
  return !isOff && TRACE_ADDRESSES.some((name) => environment[name]);
}

/** Secrets of these variables, for the redaction of output. */
export function traceSecrets(environment: Environment): string[] {
  const headers = TRACE_HEADERS.flatMap((name) => environment[name]?.split(',') ?? []);
  return [
    ...headers.map((header) => header.slice(header.indexOf('=') + 1).trim()).filter((value) => value !== ''),
    ...TRACE_ADDRESSES.flatMap((name) => secretsIn(environment[name] ?? '')),
  ];
}
