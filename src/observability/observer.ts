import type { Config } from '../config.ts';
import type { EndedStatement } from '../database/index.ts';
import type { OperationObserver } from '../execution/index.ts';
import { OperationLog, type OperationLogOptions } from './operation-log.ts';

/** Is notified of what the gateway has done; null where nothing is interested. */
export interface Observer {
  operations: OperationObserver | null;
  onStatementEnd: ((statement: EndedStatement) => void) | null;
  close(): void;
}

export interface ObserverOptions extends OperationLogOptions {
  config: Config;
}

export function openObserver({ config, log }: ObserverOptions): Observer {
  const lines = config.logLevel === 'info' || config.logLevel === 'debug' ? new OperationLog({ config, log }) : null;
  return {
    operations: lines,
    onStatementEnd: lines && ((statement) => lines.onStatementEnd(statement)),
    close: () => lines?.close(),
  };
}
