import type { Live, Queryable } from '../../schema/content/context.ts';
import type { Bus } from '../bus/index.ts';
import type { Logger as Messages } from '../logger.ts';
import { CoalescedCalls } from './coalesced-calls.ts';
import { discussionLog, type EventLog, logPositions, publicationLog } from './event-log.ts';
import { LogReader } from './log-reader.ts';
import { type LogEntry, LogSource } from './log-source.ts';

/** Milliseconds between sweeps of all that is followed: what a lost wake-up, or a right that ended, costs at most. */
const SWEEP_EVERY = 2_000;

export interface LiveLogs extends Live {
  /** Logs that someone follows here, for tests and metrics. */
  readonly followedLogs: number;
  close(): void;
}

export interface LiveLogsOptions {
  db: Queryable;
  bus: Bus;
  log: Messages;
}

interface OpenLog {
  reader: LogReader<LogEntry>;
  /** Those who hold it; it is closed after the last. */
  holders: number;
  /** Null for the log of publications. */
  articleId: number | null;
  stopWatching(): void;
}

/** The logs that are followed here, each read once: opened for the first who follows, closed after the last. */
export function openLiveLogs({ db, bus, log: messages }: LiveLogsOptions): LiveLogs {
  const logs = new Map<string, OpenLog>();
  const sweeps = new CoalescedCalls(sweep);
  const sweeping = setInterval(look, SWEEP_EVERY);
  // A gateway with nothing else to do may end.
  sweeping.unref();

  /** Looks at all that is followed; once for all who ask for it at the same time. */
  function look(): void {
    if (logs.size === 0) return;
    sweeps
      .call(null)
      .catch((error) =>
        messages.error('The positions of the logs could not be read and will be retried', { err: error }),
      );
  }

  async function sweep(): Promise<void> {
    const articleIds = [...logs.values()].flatMap(({ articleId }) => articleId ?? []);
    const positions = articleIds.length > 0 ? await logPositions(db, articleIds) : [];
    const byArticle = new Map(positions.map((position) => [position.articleId, position]));
    for (const { reader, articleId } of [...logs.values()]) {
      if (articleId === null) reader.checkPosition();
      // One that was opened meanwhile was not asked about.
      else if (articleIds.includes(articleId)) reader.applyPosition(byArticle.get(articleId) ?? null);
      reader.notifyFollowers();
    }
  }

  function hold(log: EventLog<LogEntry>, articleId: number | null): { reader: LogReader<LogEntry>; release(): void } {
    let open = logs.get(log.topic);
    if (!open) {
      const reader = new LogReader(log, messages);
      const stopWatching = bus.watch(log.topic, (sequence) =>
        sequence === null ? look() : reader.advanceTo(sequence),
      );
      open = { reader, holders: 0, articleId, stopWatching };
      logs.set(log.topic, open);
    }
    const held = open;
    held.holders += 1;
    return {
      reader: held.reader,
      release() {
        held.holders -= 1;
        if (held.holders > 0) return;
        logs.delete(log.topic);
        held.stopWatching();
      },
    };
  }

  return {
    get followedLogs() {
      return logs.size;
    },
    discussion: (articleId, view) => new LogSource(view, () => hold(discussionLog(db, articleId), articleId)),
    publications: (view) => new LogSource(view, () => hold(publicationLog(db), null)),
    close() {
      clearInterval(sweeping);
    },
  };
}
