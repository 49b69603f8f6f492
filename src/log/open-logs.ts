import type { Queryable } from '../../schema/content/context.ts';
import type { LogPosition } from '../../schema/content/events.ts';
import type { BackgroundWork } from '../background/index.ts';
import type { Bus } from '../bus/index.ts';
import type { Logger } from '../logger.ts';
import { CoalescedCalls } from './coalesced-calls.ts';
import { discussionLog, type EventLog, logPositions, publicationLog } from './event-log.ts';
import type { LogEntry } from './log-entry.ts';
import { LogReader } from './log-reader.ts';
import type { LogLease } from './log-source.ts';
import { moderationLog } from './moderation-log.ts';

export interface OpenLogsOptions {
  db: Queryable;
  bus: Bus;
  log: Logger;
  /** Tracks what is read. */
  work: BackgroundWork;
}

interface OpenLog {
  reader: LogReader<LogEntry>;
  /** Leases that have not been released; the log is closed with the last. */
  leases: number;
  /** Null for the logs of publications and of moderation. */
  articleId: number | null;
  stopWatching(): void;
}

/** The logs that are followed on this gateway, each read once: opened for its first follower, closed after its last. */
export class OpenLogs {
  readonly #options: OpenLogsOptions;
  readonly #logs = new Map<string, OpenLog>();
  readonly #checks = new CoalescedCalls<null, void>(() => this.#checkAll());

  constructor(options: OpenLogsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#logs.size;
  }

  openDiscussion(articleId: number): LogLease {
    return this.#open(discussionLog(this.#options.db, articleId), articleId);
  }

  openPublications(): LogLease {
    return this.#open(publicationLog(this.#options.db), null);
  }

  openModeration(): LogLease {
    return this.#open(moderationLog(this.#options.db), null);
  }

  /** Reads the positions of all open logs, once for simultaneous calls, and notifies their followers. */
  check(): void {
    if (this.#logs.size === 0) return;
    const { log, work } = this.#options;
    work.track(this.#checks.call(null)).catch((error) =>
      log.error('The positions of the logs could not be read and will be retried within 2 s', {
        err: error,
      }),
    );
  }

  async #checkAll(): Promise<void> {
    const articleIds = new Set([...this.#logs.values()].flatMap(({ articleId }) => articleId ?? []));
    const known = new Map([...this.#logs.values()].map(({ reader }) => [reader, reader.position]));
    const positions: ReadonlyMap<number, LogPosition> =
      articleIds.size > 0 ? await logPositions(this.#options.db, [...articleIds]) : new Map();
    for (const { reader, articleId } of [...this.#logs.values()]) {
      if (articleId === null) reader.checkPosition();
      // The statement did not include logs that were opened while it ran.
      else if (articleIds.has(articleId)) reader.applyPosition(positions.get(articleId) ?? null, known.get(reader));
      reader.notifyFollowers();
    }
  }

  #open(log: EventLog<LogEntry>, articleId: number | null): LogLease {
    const open = this.#logs.get(log.topic) ?? this.#add(log, articleId);
    open.leases += 1;
    return {
      reader: open.reader,
      release: () => {
        open.leases -= 1;
        if (open.leases > 0) return;
        this.#logs.delete(log.topic);
        open.stopWatching();
      },
    };
  }

  #add(log: EventLog<LogEntry>, articleId: number | null): OpenLog {
    const reader = new LogReader(log, this.#options);
    const stopWatching = this.#options.bus.watch(log.topic, (sequence) => {
      if (sequence === null) this.check();
      else reader.advanceTo(sequence);
    });
    const open = { reader, leases: 0, articleId, stopWatching };
    this.#logs.set(log.topic, open);
    return open;
  }
}
