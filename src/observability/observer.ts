import type { Config } from '../config.ts';
import type { EndedStatement } from '../database/index.ts';
import type { OperationObserver } from '../execution/index.ts';
import type { Logger } from '../logger.ts';
import { Metrics } from './metrics.ts';
import { OperationLog } from './operation-log.ts';
import { openTraces } from './traces.ts';

/** Is notified of what the gateway has done. */
export interface Observer {
  operations: OperationObserver;
  onStatementEnd(statement: EndedStatement): void;
  /** Null when they are turned off. */
  metrics: Metrics | null;
  close(): Promise<void>;
}

export interface ObserverOptions {
  config: Config;
  log: Logger;
  /** Documents whose operations always have figures of their own. */
  trusted: Iterable<string>;
}

export async function openObserver({ config, log, trusted }: ObserverOptions): Promise<Observer> {
  const metrics = config.metricsPort === 'off' ? null : new Metrics(trusted);
  const lines = config.logLevel === 'info' || config.logLevel === 'debug' ? new OperationLog({ config, log }) : null;
  const traces = await openTraces(config, log);
  return {
    metrics,
    operations: {
      ...traces,
      onOperationEnd(record) {
        metrics?.operations.onOperationEnd(record);
        lines?.onOperationEnd(record);
        traces?.onOperationEnd(record);
      },
    },
    onStatementEnd(statement) {
      metrics?.onStatementEnd(statement);
      lines?.onStatementEnd(statement);
    },
    async close() {
      lines?.close();
      await traces?.close();
    },
  };
}
