import { LRUCache } from 'lru-cache';
import type { Config } from '../config.ts';
import type { EndedStatement } from '../database/index.ts';
import type { OperationObserver, OperationRecord } from '../execution/index.ts';
import type { Logger } from '../logger.ts';
import { RepeatedFaults } from '../repeated-faults.ts';
import { LineBudget } from './line-budget.ts';
import { shortened } from './shortened.ts';

/** Lines a second about failed and slow operations. Those beyond are counted. */
const MAX_LINES = 50;
/** Milliseconds between two counts of lines that were left out. */
const COUNT_EVERY = 10_000;
/** Milliseconds for which the document of a slow operation is not written again: its hash names it. */
const DOCUMENT_ONCE_IN = 600_000;
/** Documents that this is remembered of. */
const MAX_DOCUMENTS = 500;

export interface OperationLogOptions {
  config: Pick<Config, 'logOperations' | 'logSlowOperation' | 'logSlowStatement'>;
  log: Logger;
}

/** Writes a line for some operations, for each one that failed or was slow, and for slow statements. */
export class OperationLog implements OperationObserver {
  readonly #config: OperationLogOptions['config'];
  readonly #log: Logger;
  readonly #budget = new LineBudget(MAX_LINES);
  readonly #documents = new LRUCache<string, true>({ max: MAX_DOCUMENTS, ttl: DOCUMENT_ONCE_IN });
  readonly #statements: RepeatedFaults<EndedStatement>;
  readonly #counting: NodeJS.Timeout;

  constructor({ config, log }: OperationLogOptions) {
    this.#config = config;
    this.#log = log;
    // A database that is slow makes all statements slow.
    this.#statements = new RepeatedFaults((last, repeated, withinSeconds) =>
      this.#writeStatement(last, { repeated, withinSeconds }),
    );
    this.#counting = setInterval(() => this.#countLeftOut(), COUNT_EVERY).unref();
  }

  onOperationEnd(record: OperationRecord): void {
    const isSlow = record.duration! >= this.#config.logSlowOperation;
    // While the database is away everything fails, and its own lines say why.
    const isNotable = isSlow || record.codes.some((code) => code !== 'SERVICE_UNAVAILABLE');
    if (isNotable ? this.#budget.take(record.begun + record.duration!) : Math.random() < this.#config.logOperations)
      this.#log.info(isSlow ? 'Slow operation' : 'Operation', {
        ...fieldsOf(record),
        ...(isSlow && this.#textOf(record)),
      });
  }

  onStatementEnd(statement: EndedStatement): void {
    if (statement.milliseconds < this.#config.logSlowStatement) return;
    if (this.#statements.isNew(statement.texts.join(), statement)) this.#writeStatement(statement);
  }

  /** Writes what is still counted. */
  close(): void {
    clearInterval(this.#counting);
    this.#countLeftOut();
    this.#statements.flush();
  }

  #textOf({ description }: OperationRecord): { text: string } | undefined {
    if (!description || this.#documents.has(description.hash)) return undefined;
    this.#documents.set(description.hash, true);
    return { text: shortened(description.text) };
  }

  #writeStatement(
    { texts, share, milliseconds, rows, error, account }: EndedStatement,
    counts?: { repeated: number; withinSeconds: number },
  ): void {
    this.#log.info('Slow statement', {
      requestId: account?.requestId,
      share,
      ms: rounded(milliseconds),
      rows,
      ...(error && { code: (error as { code?: unknown }).code ?? error.name }),
      ...counts,
      // All values are parameters, so it has nothing of a person.
      sql: shortened(texts.join(';\n')),
    });
  }

  #countLeftOut(): void {
    const count = this.#budget.takeLeftOut();
    if (count > 0)
      this.#log.info('Lines about failed and slow operations were left out: there are more than the log takes', {
        count,
        perSecond: MAX_LINES,
      });
  }
}

function fieldsOf(record: OperationRecord): Record<string, unknown> {
  const { description, viewer, codes } = record;
  return {
    requestId: record.requestId,
    ...(record.trace && { traceId: record.trace.traceId }),
    operation: description?.name ?? null,
    kind: description?.kind ?? null,
    document: description?.hash ?? null,
    transport: record.transport,
    viewer: viewer?.author.id ?? null,
    cost: record.cost,
    statements: record.statements,
    rows: record.rows,
    databaseMs: rounded(record.databaseTime),
    ms: rounded(record.duration!),
    bytes: record.bytes,
    cacheHit: record.isCacheHit,
    ...(codes.length > 0 && { codes }),
    ...(record.isAborted && { aborted: true }),
  };
}

/** Milliseconds to a hundredth. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
