import type pg from 'pg';
import { expect } from 'vitest';
import { decodeIdOf } from '../../schema/content/ids.ts';
import { until } from '../gateway.ts';
import { inOrder, type Part, READ, readDiscussion } from './discussion.ts';
import type { Follower } from './follower.ts';
import { post } from './post.ts';
import type { Board } from './writer.ts';

/** An entry of an article's log. */
interface Logged {
  sequence: number;
  kind: 'ADDED' | 'CHANGED' | 'REMOVED';
  commentId: number;
}

async function logOf(sql: pg.Client, articleId: string): Promise<Logged[]> {
  const { rows } = await sql.query<Logged>(
    `SELECT sequence, kind, comment_id AS "commentId" FROM comment_event WHERE article_id = $1 ORDER BY sequence`,
    [decodeIdOf('Article', articleId)],
  );
  expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map((_, i) => i + 1));
  return rows;
}

/**
 * Each follower has caught up, had no fault, received every event once and in order, and has the stored discussion.
 * @param boards in the order of the articles `article-1` and so on
 */
export async function expectAllFaithful({
  sql,
  url,
  boards,
  followers,
}: {
  sql: pg.Client;
  url: string;
  boards: readonly Board[];
  followers: readonly Follower[];
}): Promise<void> {
  for (const [i, { articleId }] of boards.entries()) {
    const own = followers.filter((follower) => follower.articleId === articleId);
    const { liveCursor, parts } = await readDiscussion(
      (variables) => post(url, { query: READ, variables }),
      `article-${i + 1}`,
    );
    await until(
      'all followers have caught up',
      () => own.every((follower) => follower.isCaughtUp && follower.cursor === liveCursor),
      { limit: 60_000 },
    );
    const log = await logOf(sql, articleId);
    for (const follower of own) expectFaithful(follower, log, parts);
  }
}

const TYPES = { ADDED: 'CommentAdded', CHANGED: 'CommentChanged', REMOVED: 'CommentRemoved' } as const;

function expectFaithful(follower: Follower, log: readonly Logged[], stored: readonly Part[]): void {
  expect(follower.faults).toEqual([]);
  expectEachOnce(follower, log);
  expect(follower.copy.shown).toEqual(inOrder(stored));
  const byId = new Map(stored.map((part) => [part.id, part]));
  for (const snapshot of follower.snapshots) expectUpToDate(snapshot, log, byId);
}

/** It received each event once and in order, except those of comments that were hidden again by then. */
function expectEachOnce({ events, start }: Follower, log: readonly Logged[]): void {
  const missed = log.slice(start);
  const lastRemoval = new Map<number, number>();
  for (const { kind, commentId, sequence } of log) if (kind === 'REMOVED') lastRemoval.set(commentId, sequence);
  const received = new Set(events.map(({ sequence }) => sequence));
  const expected = missed.filter(
    ({ sequence, kind, commentId }) =>
      received.has(sequence) || kind === 'REMOVED' || !(lastRemoval.get(commentId)! > sequence),
  );
  expect(events.map(({ sequence, type, commentId }) => [sequence, type, decodeIdOf('Comment', commentId)])).toEqual(
    expected.map(({ sequence, kind, commentId }) => [sequence, TYPES[kind], commentId]),
  );
}

/**
 * When a follower had caught up, its copy of each comment that has not changed since was the stored one, and a comment
 * whose last event was its removal was not shown.
 */
function expectUpToDate(
  { sequence, parts }: Follower['snapshots'][number],
  log: readonly Logged[],
  stored: ReadonlyMap<string, Part>,
): void {
  const changed = new Set(log.slice(sequence).map(({ commentId }) => commentId));
  const lastEvents = new Map(log.slice(0, sequence).map((entry) => [entry.commentId, entry]));
  const differing = [...new Set([...parts.keys(), ...stored.keys()])].filter((nodeId) => {
    const id = decodeIdOf('Comment', nodeId)!;
    const shown = visible(parts.get(nodeId));
    if (changed.has(id)) return lastEvents.get(id)?.kind === 'REMOVED' && shown;
    return JSON.stringify(shown) !== JSON.stringify(visible(stored.get(nodeId)));
  });
  expect(differing, `at ${sequence}`).toEqual([]);
}

function visible(part: Part | undefined): Part | undefined {
  return part?.status === 'VISIBLE' ? part : undefined;
}

/** Every acknowledged comment is stored once, and no comment is stored twice. */
export async function expectNothingLostOrDoubled(sql: pg.Client, boards: readonly Board[]): Promise<void> {
  const { rows } = await sql.query<{ key: string; ids: number[] }>(
    `SELECT split_part(body_source, ' ', 1) AS key, array_agg(id ORDER BY id) AS ids FROM comment
     WHERE body_source LIKE '%-% %' GROUP BY 1`,
  );
  const written = new Map(rows.map(({ key, ids }) => [key, ids]));
  expect(rows.filter(({ ids }) => ids.length > 1)).toEqual([]);
  for (const { acknowledged } of boards)
    for (const [key, id] of acknowledged) expect(written.get(key), key).toEqual([decodeIdOf('Comment', id)]);
}
