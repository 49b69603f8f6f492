import type { EndedStatement } from '../database/index.ts';

/** A part of an operation. Times are those of `performance.now()`. */
export interface TracedPart {
  name: string;
  begun: number;
  ended: number;
  error?: unknown;
}

/** The trace of an operation that is sampled. */
export interface OperationTrace {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  addStatement(statement: EndedStatement): void;
  /** Adds a part, also after the operation has ended. */
  addPart(part: TracedPart): void;
}
