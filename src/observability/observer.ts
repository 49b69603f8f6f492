import type { Config } from '../config.ts';
import type { EndedStatement } from '../database/index.ts';
import type { OperationObserver } from '../execution/index.ts';
import type { Logger } from '../logger.ts';
import { Metrics } from './metrics.ts';
import { OperationLog } from './operation-log.ts';

/** Is notified of what the gateway has done. */
export interface Observer {
  operations: OperationObserver;
  onStatementEnd(statement: EndedStatement): void;
  /** Null when they are turned off. */
  metrics: Metrics | null;
  close(): void;
}

export interface ObserverOptions {
  config: Config;
  log: Logger;
  /** Documents whose operations always have figures of their own. */
  trusted: Iterable<string>;
}

export function openObserver({ config, log, trusted }: ObserverOptions): Observer {
  const metrics = config.metricsPort === 'off' ? null : new Metrics(trusted);
  const lines = config.logLevel === 'info' || config.logLevel === 'debug' ? new OperationLog({ config, log }) : null;
  return {
    metrics,
    operations: {
      onOperationEnd(record) {
        metrics?.operations.onOperationEnd(record);
        lines?.onOperationEnd(record);
      },
    },
    onStatementEnd(statement) {
      metrics?.onStatementEnd(statement);
      lines?.onStatementEnd(statement);
    },
    close: () => lines?.close(),
  };
}
