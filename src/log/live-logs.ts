import type { Live } from '../../schema/content/context.ts';
import { LogSource } from './log-source.ts';
import { OpenLogs, type OpenLogsOptions } from './open-logs.ts';

/** Milliseconds between checks of all open logs: the longest delay by a lost wake-up, or by a right that has ended. */
const CHECK_INTERVAL = 2_000;

export interface LiveLogs extends Live {
  /** Number of logs that are followed on this gateway, for tests and metrics. */
  readonly followedLogs: number;
  close(): void;
}

/** Opens logs for subscriptions, and checks them periodically. */
export function openLiveLogs(options: OpenLogsOptions): LiveLogs {
  const logs = new OpenLogs(options);
  const checking = setInterval(() => logs.check(), CHECK_INTERVAL);
  // The timer alone does not keep the process running.
  checking.unref();

  return {
    get followedLogs() {
      return logs.size;
    },
    discussion: (articleId, view) => new LogSource(view, () => logs.openDiscussion(articleId)),
    moderation: (view) => new LogSource(view, () => logs.openModeration()),
    publications: (view) => new LogSource(view, () => logs.openPublications()),
    close() {
      clearInterval(checking);
    },
  };
}
