import type { Live, Queryable } from '../../schema/context.ts';
import type { LoggedEvent } from '../../schema/events.ts';
import type { Log } from '../log.ts';
import type { Bus } from './bus.ts';
import { logPositions, readLog } from './log.ts';
import { Queue } from './queue.ts';

/** Events that may wait for one subscriber before it counts as too slow and is sent away to resume later. */
const QUEUE_LIMIT = 1_000;
/** Milliseconds between sweeps of all watched articles: what a lost wake-up costs at most. */
const SWEEP_EVERY = 2_000;

export interface LiveLog extends Live {
  /** Articles that someone follows here, for tests and metrics. */
  readonly watched: number;
  close(): void;
}

export interface LiveOptions {
  db: Queryable;
  bus: Bus;
  log: Log;
}

/** One article's log as this process reads it: once, however many follow. */
interface Reader {
  articleId: number;
  /** Everything up to here has been handed on. */
  sequence: number;
  followers: Set<Queue<LoggedEvent>>;
  /** Highest sequence that a wake-up named. */
  wanted: number;
  reading: Promise<void> | null;
  /** Resolves when `sequence` is known. */
  ready: Promise<void>;
}

export function createLive({ db, bus, log }: LiveOptions): LiveLog {
  const readers = new Map<number, Reader>();
  const stopListening = bus.listen(wake);
  const sweeping = setInterval(sweep, SWEEP_EVERY);
  // A gateway with nothing else to do may end.
  sweeping.unref();

  function wake(articleId: number, sequence: number): void {
    const reader = readers.get(articleId);
    if (!reader) return;
    reader.wanted = Math.max(reader.wanted, sequence);
    read(reader);
  }

  function sweep(): void {
    if (readers.size === 0) return;
    logPositions(db, [...readers.keys()]).then(
      (positions) => {
        for (const { articleId, sequence } of positions) wake(articleId, sequence);
      },
      (error) => log.error('The logs of watched articles could not be looked at; trying again', error),
    );
  }

  function read(reader: Reader): void {
    if (reader.reading || reader.wanted <= reader.sequence) return;
    reader.reading = (async () => {
      await reader.ready;
      while (reader.wanted > reader.sequence && reader.followers.size > 0) {
        const events = await readLog(db, reader.articleId, reader.sequence);
        if (events.length === 0) break;
        for (const event of events) for (const follower of reader.followers) follower.push(event);
        reader.sequence = events.at(-1)!.sequence;
      }
    })()
      // The sweep tries again.
      .catch((error) => log.error(`The log of article ${reader.articleId} could not be read`, error))
      .finally(() => {
        reader.reading = null;
        if (reader.followers.size === 0) readers.delete(reader.articleId);
      });
  }

  function readerOf(articleId: number): Reader {
    let reader = readers.get(articleId);
    if (!reader) {
      const made: Reader = {
        articleId,
        sequence: 0,
        wanted: 0,
        followers: new Set(),
        reading: null,
        ready: Promise.resolve(),
      };
      made.ready = logPositions(db, [articleId]).then(([position]) => {
        made.sequence = position?.sequence ?? 0;
      });
      // Whoever follows waits for it and sees its failure; the reader itself must not die of it unheard.
      made.ready.catch(() => readers.delete(articleId));
      readers.set(articleId, made);
      reader = made;
    }
    return reader;
  }

  return {
    get watched() {
      return readers.size;
    },

    async follow(articleId, after) {
      const reader = readerOf(articleId);
      // Listening comes first, then the past: what both bring is dropped by its sequence.
      const queue = new Queue<LoggedEvent>(QUEUE_LIMIT, () => {
        reader.followers.delete(queue);
        if (reader.followers.size === 0 && !reader.reading) readers.delete(articleId);
      });
      reader.followers.add(queue);
      try {
        await reader.ready;
        return after ? resumed(db, queue, articleId, after.sequence) : queue;
      } catch (error) {
        await queue.return();
        throw error;
      }
    },

    close() {
      clearInterval(sweeping);
      stopListening();
      for (const { followers } of readers.values()) for (const follower of followers) void follower.return();
    },
  };
}

/** What follows a sequence: first from the log, then from the queue, each once. */
function resumed(
  db: Queryable,
  queue: Queue<LoggedEvent>,
  articleId: number,
  after: number,
): AsyncGenerator<LoggedEvent, void, void> {
  let seen = after;
  let past: LoggedEvent[] | null = [];

  async function next(): Promise<IteratorResult<LoggedEvent, void>> {
    while (past) {
      const event = past.shift();
      if (event) {
        seen = event.sequence;
        return { value: event, done: false };
      }
      const page = await readLog(db, articleId, seen);
      past = page.length > 0 ? page : null;
    }
    for (;;) {
      const item = await queue.next();
      if (item.done) return item;
      if (item.value.sequence <= seen) continue;
      seen = item.value.sequence;
      return item;
    }
  }

  return {
    next,
    return: () => queue.return(),
    throw: (error) => queue.throw(error),
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: () => queue[Symbol.asyncDispose](),
  };
}
