import { authorsLock } from '../schema/content/author/authors-lock.ts';
import type { ChangeAtOnce, ChangeStatements, Statement } from '../schema/content/context.ts';
import { articleTopic, type Bus } from './bus/index.ts';
import { hasChangedNothing, type RequestDatabase } from './database/index.ts';

/**
 * Most changes of one transaction, whose writers get their answers together. Of 16 comments, each takes half of the database's
 * processor time that one takes alone.
 */
const MOST_TOGETHER = 16;
/** Transactions under one lock at a time. While one is executed, the next one is at the database already. */
const MOST_AT_A_TIME = 2;

type AnyChange = ChangeStatements<never>;

/** The database of one operation. */
interface ChangedDatabase extends Pick<RequestDatabase, 'transactionAtOnce'> {
  /** What its transactions note besides; absent where they note nothing. */
  noteWrites?(): Statement;
}

interface Waiting {
  change: AnyChange;
  db: ChangedDatabase;
  bus: Pick<Bus, 'wake'>;
  resolve(results: unknown[][][]): void;
  reject(error: unknown): void;
}

interface Line {
  waiting: Waiting[];
  running: number;
}

/**
 * Changes whose statements are sent together. Those that wait for the same lock are written by one transaction, one after another:
 * it takes the lock once, commits once, and no connection waits for another.
 */
export class ChangesAtOnce {
  /** By lock. */
  readonly #lines = new Map<string, Line>();

  /** The changes of one operation, on its share of the connections. */
  of(db: Waiting['db'], bus: Waiting['bus']): ChangeAtOnce {
    return (change) =>
      new Promise((resolve, reject) => {
        const key = JSON.stringify([change.lock.name, change.lock.values]);
        const line = this.#lines.get(key) ?? { waiting: [], running: 0 };
        this.#lines.set(key, line);
        line.waiting.push({ change: change as never, db, bus, resolve: resolve as never, reject });
        this.#runNext(key, line);
      });
  }

  #runNext(key: string, line: Line): void {
    if (line.running === MOST_AT_A_TIME) return;
    if (line.waiting.length > 0) {
      line.running += 1;
      void this.#runTogether(line.waiting.splice(0, MOST_TOGETHER)).then(() => {
        line.running -= 1;
        this.#runNext(key, line);
      });
    } else if (line.running === 0) this.#lines.delete(key);
  }

  async #runTogether(group: readonly Waiting[]): Promise<void> {
    if (group.length === 1) return this.#runAlone(group[0]!);
    try {
      const { statements, resultsOf } = together(group.map(({ change }) => change));
      const [first, ...others] = group;
      // The first one's database adds its own note.
      const notes = others.flatMap(({ db }) => db.noteWrites?.() ?? []);
      const results = resultsOf(await first!.db.transactionAtOnce([...statements, ...notes]));
      this.#wake(group, results);
      for (const [i, { resolve }] of group.entries()) resolve(results[i]!);
    } catch (error) {
      // One of them has failed, or the one whose connection it was has left.
      if (hasChangedNothing(error)) await Promise.all(group.map((one) => this.#runAlone(one)));
      else for (const { reject } of group) reject(error);
    }
  }

  async #runAlone(one: Waiting): Promise<void> {
    const { change, db, resolve, reject } = one;
    try {
      const results = await db.transactionAtOnce([change.lock, ...inOrder([change]).statements]);
      this.#wake([one], [results]);
      resolve(results);
    } catch (error) {
      reject(error);
    }
  }

  /** Wakes the readers of the events that changes have written, one after another into the same log. */
  #wake(group: readonly Waiting[], results: readonly unknown[][][][]): void {
    const sequences = new Map<string, { sequence: number; bus: Waiting['bus'] }>();
    for (const [i, { change, bus }] of group.entries()) {
      const event = change.written(results[i] as never);
      if (!event) continue;
      const topic = articleTopic(event.articleId);
      const { sequence } = event;
      if (sequence > (sequences.get(topic)?.sequence ?? 0)) sequences.set(topic, { sequence, bus });
    }
    for (const [topic, { sequence, bus }] of sequences) bus.wake(topic, sequence);
  }
}

/** The rows of each change, in the order of the changes. */
type ResultsOf = (rows: readonly unknown[][][]) => unknown[][][][];

/**
 * The statements of several changes under one lock, as those of one transaction. Its authors are locked as every change does: those
 * that are there by id. New ones are inserted in one order, too.
 */
function together(changes: readonly AnyChange[]): { statements: Statement[]; resultsOf: ResultsOf } {
  const [first] = changes;
  const writers = [...new Set(changes.map(({ writer }) => writer).filter((writer) => writer !== null))];
  const locks = [first!.lock, ...(writers.length > 1 ? [authorsLock(writers)] : [])];
  const ordered = [...changes].sort((a, b) => compare(String(a.writer), String(b.writer)));
  const { statements, rowsOf } = inOrder(ordered);
  return {
    statements: [...locks, ...statements],
    resultsOf(rows) {
      const own = rowsOf(rows.slice(locks.length));
      return changes.map((change) => [rows[0]!, ...own[ordered.indexOf(change)]!]);
    },
  };
}

/** The statements of changes, one after another, or the one that they share. */
function inOrder(changes: readonly AnyChange[]): { statements: Statement[]; rowsOf: ResultsOf } {
  const [{ work }] = changes as [AnyChange];
  // Changes under one lock are of one kind.
  if ('shared' in work) {
    const parts = changes.map((change) => (change.work as typeof work).shared.part);
    return {
      statements: [work.shared.statement(parts)],
      rowsOf: ([rows]) => changes.map((_, i) => [rows!.filter(([number]) => number === i + 1)]),
    };
  }
  const own = changes.map((change) => (change.work as typeof work).statements);
  return {
    statements: own.flat(),
    rowsOf(rows) {
      let next = 0;
      return own.map(({ length }) => {
        next += length;
        return rows.slice(next - length, next);
      });
    },
  };
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
