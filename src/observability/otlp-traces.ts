import { setTimeout as delay } from 'node:timers/promises';
import {
  type Attributes,
  type Context,
  DiagLogLevel,
  diag,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { EndedStatement } from '../database/index.ts';
import type { OperationObserver, OperationRecord, OperationTrace, TracedPart } from '../execution/index.ts';
import type { Logger } from '../logger.ts';
import { shortened } from './shortened.ts';

/** Milliseconds that the spans of the last seconds may take to be sent when the gateway stops. */
const STOP_WITHIN = 2_000;
/** Codes of faults of the gateway. Other errors are those of clients, and no failures of a server's span. */
const FAULTS = ['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE'];

/** Sends traces of operations. */
export interface Traces extends Required<OperationObserver> {
  close(): Promise<void>;
}

/** Sends traces by OTLP over HTTP, as JSON. The standard environment variables say where to and which. */
export function openOtlpTraces(log: Logger): Traces {
  reportTo(log);
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': 'broadsheet' }))
    .merge(detectResources({ detectors: [envDetector] }));
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer('broadsheet');
  /** Spans of operations that are sampled and have not ended. */
  const spans = new WeakMap<OperationRecord, Span>();

  return {
    onOperationBegin(record) {
      const options = { kind: SpanKind.SERVER, startTime: record.begun };
      const span = tracer.startSpan('operation', options, parentOf(record));
      if (!span.isRecording()) return;
      spans.set(record, span);
      record.trace = traceOf(tracer, span);
    },
    onOperationEnd(record) {
      const span = spans.get(record);
      if (span) endOperation(span, record);
    },
    beginRendering(events) {
      const span = tracer.startSpan('render events', { attributes: { 'broadsheet.events': events } }, ROOT_CONTEXT);
      return (error) => endSpan(span, { ended: performance.now(), error });
    },
    async close() {
      await Promise.race([provider.shutdown(), delay(STOP_WITHIN, undefined, { ref: false })]).catch(() => {});
      diag.disable();
    },
  };
}

function traceOf(tracer: Tracer, operation: Span): OperationTrace {
  const { traceId } = operation.spanContext();
  const context = trace.setSpan(ROOT_CONTEXT, operation);
  return {
    traceId,
    addStatement(statement) {
      const { texts, begun, milliseconds, error } = statement;
      const options = { kind: SpanKind.CLIENT, startTime: begun, attributes: attributesOf(statement) };
      endSpan(tracer.startSpan(commandsOf(texts), options, context), { ended: begun + milliseconds, error });
    },
    addPart({ name, begun, ended, error }) {
      endSpan(tracer.startSpan(name, { startTime: begun }, context), { ended, error });
    },
  };
}

/** The context of the span that the sender has named; a new trace without one. */
function parentOf({ traceParent }: OperationRecord): Context {
  if (traceParent === null) return ROOT_CONTEXT;
  const { traceId, spanId, flags: traceFlags } = traceParent;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

/** What a statement does, such as `SELECT` or `BEGIN; SELECT`: texts would be too many names. */
function commandsOf(texts: readonly string[]): string {
  return texts.map((text) => /^\s*(\w+)/.exec(text)?.[1]?.toUpperCase() ?? 'SQL').join('; ');
}

function attributesOf({ texts, rows, share }: EndedStatement): Attributes {
  return {
    'db.system.name': 'postgresql',
    // Its values are parameters, so it has nothing of a person.
    'db.query.text': shortened(texts.join(';\n')),
    'db.response.returned_rows': rows,
    'broadsheet.share': share,
  };
}

function endOperation(span: Span, record: OperationRecord): void {
  const { description, viewer, codes } = record;
  const kind = description?.kind ?? 'operation';
  span.updateName(description?.name ? `${kind} ${description.name}` : kind);
  span.setAttributes({
    ...(description?.kind && { 'graphql.operation.type': description.kind }),
    ...(description?.name && { 'graphql.operation.name': description.name }),
    ...(description && { 'broadsheet.document': description.hash }),
    ...(viewer && { 'enduser.id': String(viewer.author.id) }),
    ...(record.cost !== null && { 'broadsheet.cost': record.cost }),
    ...(codes.length > 0 && { 'error.type': codes[0]!, 'broadsheet.codes': [...codes] }),
    'broadsheet.request': record.requestId,
    'broadsheet.transport': record.transport,
    'broadsheet.statements': record.statements,
    'broadsheet.bytes': record.bytes,
    'broadsheet.cache_hit': record.isCacheHit,
  });
  if (codes.some((code) => FAULTS.includes(code))) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(record.begun + record.duration!);
}

/** The text of an error may hold values of a request, so only its kind is sent. */
function endSpan(span: Span, { ended, error }: Pick<TracedPart, 'ended' | 'error'>): void {
  if (error) {
    const { code, name } = error as { code?: unknown; name?: unknown };
    span.setAttribute('error.type', String(code ?? name ?? 'Error')).setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end(ended);
}

/** Failures to send traces. They are counted in the log like those of other servers. */
function reportTo(log: Logger): void {
  const report = (message: string): void =>
    log.error('Traces could not be sent, or a variable of OpenTelemetry is wrong', { err: new Error(message) });
  const ignore = (): void => {};
  const logger = { error: report, warn: report, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}
