import type { GraphQLError } from 'graphql';
import type { SignedInViewer } from '../../schema/content/context.ts';
import type { EndedStatement, StatementAccount } from '../database/index.ts';
import type { OperationDescription } from './document/operation-description.ts';
import type { OperationTrace, TracedPart } from './operation-trace.ts';

export type OperationTransport = 'http' | 'event-stream' | 'multipart' | 'websocket';

/** The span of a client or proxy that an operation belongs to (W3C Trace Context). */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
  /** Bits: 1 when the sender samples the trace. */
  flags: number;
}

export interface OperationOrigin {
  requestId: string;
  transport: OperationTransport;
  /** Null when the sender names none. */
  traceParent: TraceParent | null;
}

/** Logs, counts and traces operations. */
export interface OperationObserver {
  onOperationBegin?(record: OperationRecord): void;
  /** Called once for each operation: when it was answered or refused, when its subscription began, or its client has left. */
  onOperationEnd(record: OperationRecord): void;
  /** Called before events of a subscription are rendered, with their number. @returns is called after that */
  beginRendering?(events: number): (error?: unknown) => void;
}

/** What is known of one operation when it ends. Transports and the pipeline fill it in. */
export class OperationRecord implements StatementAccount {
  readonly requestId: string;
  transport: OperationTransport;
  readonly traceParent: TraceParent | null;
  /** Null for an operation that is not sampled. */
  trace: OperationTrace | null = null;
  /** By `performance.now()`. */
  readonly begun = performance.now();
  /** Null until the document is read. */
  description: OperationDescription | null = null;
  viewer: SignedInViewer | null = null;
  /** In points; null before it is computed. */
  cost: number | null = null;
  /** SQL statements, without those of Prisma. */
  statements = 0;
  /** Rows that they returned. */
  rows = 0;
  /** Milliseconds that they took; those that ran at one time are added up. */
  databaseTime = 0;
  /** Bytes of the result as it was sent. */
  bytes = 0;
  /** A kept response was sent. */
  isCacheHit = false;
  /** The client left before it had the result. */
  isAborted = false;
  /** Milliseconds until it ended; null before. */
  duration: number | null = null;
  /** `extensions.code` of its errors, each once. */
  codes: readonly string[] = [];
  readonly #observer: OperationObserver | null;

  constructor({ requestId, transport, traceParent }: OperationOrigin, observer: OperationObserver | null = null) {
    this.requestId = requestId;
    this.transport = transport;
    this.traceParent = traceParent;
    this.#observer = observer;
    observer?.onOperationBegin?.(this);
  }

  addStatement(statement: EndedStatement): void {
    const { texts, rows, milliseconds } = statement;
    this.statements += texts.length;
    this.rows += rows;
    this.databaseTime += milliseconds;
    this.trace?.addStatement(statement);
  }

  /** Adds a part that was begun at this time, which ends now. */
  addPart(part: Omit<TracedPart, 'ended'>): void {
    this.trace?.addPart({ ...part, ended: performance.now() });
  }

  /** Notes the errors of the result. */
  fail(errors: readonly GraphQLError[] | undefined): void {
    if (errors && errors.length > 0)
      this.codes = [...new Set(errors.map(({ extensions }) => String(extensions.code ?? 'BAD_USER_INPUT')))];
  }

  /** Reports the operation, at the first call. */
  end(): void {
    if (this.duration !== null) return;
    this.duration = performance.now() - this.begun;
    this.#observer?.onOperationEnd(this);
  }
}
