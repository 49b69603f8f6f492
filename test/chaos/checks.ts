import type pg from 'pg';
import { expect } from 'vitest';
import { decodeIdOf } from '../../schema/content/ids.ts';
import { inOrder, type Part } from './discussion.ts';
import type { Follower } from './follower.ts';
import type { Board } from './writer.ts';

/** An entry of an article's log. */
export interface Logged {
  sequence: number;
  kind: 'ADDED' | 'CHANGED' | 'REMOVED';
  commentId: number;
}

export async function logOf(sql: pg.Client, articleId: string): Promise<Logged[]> {
  const { rows } = await sql.query<Logged>(
    `SELECT sequence, kind, comment_id AS "commentId" FROM comment_event WHERE article_id = $1 ORDER BY sequence`,
    [decodeIdOf('Article', articleId)],
  );
  expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map((_, i) => i + 1));
  return rows;
}

const TYPES = { ADDED: 'CommentAdded', CHANGED: 'CommentChanged', REMOVED: 'CommentRemoved' } as const;

/** Nothing went wrong with a client, and its copy is what stands. */
export function expectFaithful(follower: Follower, log: readonly Logged[], standing: readonly Part[]): void {
  expect(follower.faults).toEqual([]);
  expectEachOnce(follower, log);
  expect(follower.copy.standing).toEqual(inOrder(standing));
  const byId = new Map(standing.map((part) => [part.id, part]));
  for (const sight of follower.sights) expectExplained(sight, log, byId);
}

/** It was told of each event once and in order, but for what was hidden again when it was told. */
function expectEachOnce({ told, start }: Follower, log: readonly Logged[]): void {
  const missed = log.slice(start);
  const lastRemoval = new Map<number, number>();
  for (const { kind, commentId, sequence } of log) if (kind === 'REMOVED') lastRemoval.set(commentId, sequence);
  const isTold = new Set(told.map(({ sequence }) => sequence));
  const expected = missed.filter(
    ({ sequence, kind, commentId }) =>
      isTold.has(sequence) || kind === 'REMOVED' || !(lastRemoval.get(commentId)! > sequence),
  );
  expect(told.map(({ sequence, type, commentId }) => [sequence, type, decodeIdOf('Comment', commentId)])).toEqual(
    expected.map(({ sequence, kind, commentId }) => [sequence, TYPES[kind], commentId]),
  );
}

/**
 * What a client held when it had caught up: comments to which nothing has happened since stood for it as they stand now;
 * of the others, none that was withdrawn.
 */
function expectExplained(
  { sequence, parts }: Follower['sights'][number],
  log: readonly Logged[],
  standing: ReadonlyMap<string, Part>,
): void {
  const changed = new Set(log.slice(sequence).map(({ commentId }) => commentId));
  const lastSaid = new Map(log.slice(0, sequence).map((entry) => [entry.commentId, entry]));
  const differing = [...new Set([...parts.keys(), ...standing.keys()])].filter((name) => {
    const id = decodeIdOf('Comment', name)!;
    const held = visible(parts.get(name));
    if (changed.has(id)) return lastSaid.get(id)?.kind === 'REMOVED' && held;
    return JSON.stringify(held) !== JSON.stringify(visible(standing.get(name)));
  });
  expect(differing, `at ${sequence}`).toEqual([]);
}

function visible(part: Part | undefined): Part | undefined {
  return part?.status === 'VISIBLE' ? part : undefined;
}

/** Every comment that was answered for is there once, and none is there twice. */
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
