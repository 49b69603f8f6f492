import type pg from 'pg';
import { expect } from 'vitest';
import { decodeIdOf } from '../../schema/content/ids.ts';
import { until } from '../gateway.ts';
import type { Passage, Place, WalkClient } from './walk-client.ts';
import type { Discussion, Row } from './walk-discussion.ts';
import { COMPARES_NAMES } from './walk-disturbances.ts';
import { type LedgerEntry, ledgerOf } from './walk-ledger.ts';

/** Milliseconds in which every client has received everything after the last change. */
const SETTLED_WITHIN = 60_000;

/** Waits until all clients are at the end of their logs, and no reaction and no changed name waits for its event. */
async function untilSettled(sql: pg.Client, clients: readonly WalkClient[]): Promise<void> {
  let places = new Map<number, Place>();
  const late = async (): Promise<WalkClient[]> => {
    const { rows } = await sql.query<{ id: number; epoch: number; sequence: number }>(
      `SELECT id, event_epoch AS epoch, event_sequence AS sequence FROM article
       WHERE NOT EXISTS (SELECT FROM comment_reaction_notice) AND NOT EXISTS (SELECT FROM author_notice)`,
    );
    places = new Map(rows.map(({ id, ...place }) => [id, place]));
    return clients.filter((client) => {
      const place = places.get(decodeIdOf('Article', client.options.articleId)!);
      return !place || !client.hasReached(place);
    });
  };
  const limit = SETTLED_WITHIN;
  await until('all clients are at the end of their logs', async () => (await late()).length === 0, { limit }).catch(
    async (error) => {
      const lines = (await late()).map(
        (client) => `${client.options.name} with ${client.describe()}: ${client.faults.join(' ')}`,
      );
      throw new Error(`${error.message} The logs end at ${JSON.stringify([...places])}. Late: ${lines.join('; ')}`);
    },
  );
}

/** Every client had no fault, received each event once and in order, and has what a reading returns. */
export async function checkClients(sql: pg.Client, clients: readonly WalkClient[]): Promise<void> {
  await untilSettled(sql, clients);
  const readings = new Map<string, Promise<Discussion | null>>();
  const ledgers = new Map<string, Map<number, LedgerEntry[]>>();
  for (const client of clients) {
    const { name, slug, articleId, viewer } = client.options;
    expect(client.faults, `${name}: ${client.faults.join(' ')}`).toEqual([]);
    const ledger = ledgers.get(articleId) ?? (await ledgerOf(sql, decodeIdOf('Article', articleId)!));
    ledgers.set(articleId, ledger);
    expectEachOnce(client, ledger);
    const key = `${slug} ${viewer.name}`;
    const reading = readings.get(key) ?? client.readFresh();
    readings.set(key, reading);
    expectSame(client, (await reading)!);
    client.forgetPassages();
  }
}

function expectSame({ copy, commentPolicy, options: { name } }: WalkClient, fresh: Discussion): void {
  const rows = copy.rows.map(shownRow);
  const expected = fresh.rows.map(shownRow);
  const wrong = differences(rows, expected);
  expect(wrong, `${name}: rows of its copy, and of a reading`).toEqual([]);
  expect(rows.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
  expect(copy.commentCount, `${name}: number of comments`).toBe(fresh.commentCount);
  if (COMPARES_NAMES) expect(commentPolicy, name).toBe(fresh.commentPolicy);
}

/** Without the name of its author, unless clients know it. */
function shownRow({ author, ...row }: Row) {
  return { ...row, author: COMPARES_NAMES ? author : author?.id };
}

function differences(rows: { id: string }[], expected: { id: string }[]): object[] {
  const own = new Map(rows.map((row) => [row.id, row]));
  const right = new Map(expected.map((row) => [row.id, row]));
  return [...new Set([...own.keys(), ...right.keys()])].flatMap((id) =>
    JSON.stringify(own.get(id)) === JSON.stringify(right.get(id))
      ? []
      : [{ copy: own.get(id) ?? null, reading: right.get(id) ?? null }],
  );
}

const TYPES: Readonly<Record<string, string>> = {
  ADDED: 'CommentAdded',
  CHANGED: 'CommentChanged',
  REMOVED: 'CommentRemoved',
};

/**
 * What it received from each reading on are the entries of one generation of the log, each once and in order, except those
 * of comments that were hidden again by then. No generation follows on a later one.
 */
function expectEachOnce({ passages, options: { name } }: WalkClient, ledger: Map<number, LedgerEntry[]>): void {
  const generations = [...ledger.keys()];
  let from = 0;
  for (const [i, passage] of passages.entries()) {
    const isLast = i === passages.length - 1;
    const faults = generations
      .slice(from)
      .map((generation) => faultOf(passage, ledger.get(generation)!, { isComplete: isLast }));
    const fits = faults.indexOf(null);
    const reasons = faults.map((fault, n) => `of generation ${generations[from + n]}: ${fault}`).join('; ');
    expect(fits, `${name}: in no log after ${JSON.stringify(passage.start)}: ${reasons}`).not.toBe(-1);
    from += fits;
    if (isLast) expect(faults.at(-1), name).toBe(null);
  }
}

/** Why a passage cannot be of this log; null when it can. @param isComplete it ends where the log ends */
function faultOf(
  { start, events }: Passage,
  log: readonly LedgerEntry[],
  { isComplete }: { isComplete: boolean },
): string | null {
  const lastRemoval = new Map<number | null, number>();
  for (const [n, { kind, commentId }] of log.entries()) if (kind === 'REMOVED') lastRemoval.set(commentId, n);
  const end = isComplete ? Number.POSITIVE_INFINITY : (events.at(-1)?.sequence ?? start.sequence);
  let i = 0;
  for (const [n, { epoch, sequence, kind, commentId }] of log.entries()) {
    if (epoch !== start.epoch || sequence <= start.sequence || sequence > end) continue;
    const event = events[i];
    if (event?.sequence !== sequence) {
      if (kind !== 'REMOVED' && (lastRemoval.get(commentId) ?? -1) > n) continue;
      return `${kind} ${sequence} is missing before ${JSON.stringify(event)}`;
    }
    const type = TYPES[kind];
    const isRight = !type || (event.type === type && decodeIdOf('Comment', event.commentId ?? '') === commentId);
    if (!isRight) return `${JSON.stringify(event)} is ${kind} of ${commentId} in the log`;
    i += 1;
  }
  return i === events.length ? null : `${JSON.stringify(events[i])} is not in the log`;
}
