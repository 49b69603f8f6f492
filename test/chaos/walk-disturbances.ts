import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { PRUNE_EVENTS } from '../../src/jobs/prune-events.ts';
import type { TestProxy } from '../proxy.ts';
import type { RedisServer } from '../redis-server.ts';
import { pick } from '../seed.ts';
import type { Node } from './node.ts';
import { postUntilAnswered } from './post.ts';
import { isSoak } from './size.ts';
import { restoreBackup, takeBackup } from './walk-backup.ts';
import type { WalkClient } from './walk-client.ts';
import type { WalkBoard, WalkWriter } from './walk-writers.ts';

/** What disturbances act on. */
export interface Walk {
  nodes: readonly Node[];
  /** Where writers and staff reach the gateways. */
  urls: readonly string[];
  clientProxies: readonly TestProxy[];
  databaseProxy: TestProxy;
  /** Null when the bus is PostgreSQL. */
  redis: RedisServer | null;
  /** To the database itself. */
  sql: pg.Client;
  /** The header of somebody who may change every article. */
  staff: string;
  boards: readonly WalkBoard[];
  clients: readonly WalkClient[];
  writers: readonly WalkWriter[];
  /** Longest pause of a gateway in milliseconds. */
  longestPause: number;
  next: () => number;
  /** Aborted when the walk is over. */
  over: AbortSignal;
  /** Imports a later export of the site whose posts are articles of the walk, or of another post of that site. */
  importPost(which: 'followed' | 'other'): Promise<void>;
  /** Number of events that were written. */
  countEvents(): Promise<number>;
  /** Resolves when further events were written. */
  untilWritten(count: number): Promise<void>;
  /** Does something while no writer writes. */
  whileNobodyWrites(work: () => Promise<void>): Promise<void>;
}

/** Events from a backup to its restoration. */
const EVENTS_LOST = isSoak ? 30 : 15;

type Disturb = (walk: Walk) => Promise<void>;

const ALL = {
  'the database was unreachable': async ({ databaseProxy }) => databaseProxy.closeConnections(),
  'a gateway was paused': ({ nodes, next, longestPause }) =>
    pick(nodes, next).pause(() => delay(longestPause * (0.5 + next() / 2))),
  'a gateway was killed': async ({ nodes, next }) => {
    await pick(nodes, next).restart('SIGKILL');
  },
  'a gateway was stopped': async ({ nodes, next }) => {
    await pick(nodes, next).restart('SIGTERM');
  },
  'Redis was restarted': async ({ redis, untilWritten }) => {
    await redis?.stop();
    await untilWritten(10);
    await redis?.start();
  },
  'the log was pruned': pruneLogs,
  'an article was not public for a while': hideArticle,
  'a discussion was closed for a while': closeDiscussion,
  'another article was imported': ({ importPost }) => importPost('other'),
  'a discussion was imported': ({ importPost }) => importPost('followed'),
  'a backup was restored, and the logs restarted': (walk) => restore(walk, true),
  'a backup was restored': (walk) => restore(walk, false),
  'members changed their names': async ({ writers }) => {
    await Promise.all(writers.filter(({ isMember }) => isMember).map((writer) => writer.rename()));
  },
} satisfies Record<string, Disturb>;

/** WALK_DISTURBANCES, with names separated by semicolons, chooses some. */
const CHOSEN: ReadonlySet<string> = new Set(process.env.WALK_DISTURBANCES?.split(';') ?? Object.keys(ALL));

/** Clients also know the policy of their discussion and the names in it. */
export const COMPARES_NAMES: boolean = CHOSEN.has('members changed their names');

export interface Disturbance {
  name: string;
  happen(): Promise<void>;
}

/** The disturbances of a walk in random order. */
export function disturbancesOf(walk: Walk): Disturbance[] {
  const all = Object.entries(ALL)
    .filter(([name]) => CHOSEN.has(name) && (walk.redis || name !== 'Redis was restarted'))
    .map(([name, disturb]): Disturbance => ({ name, happen: () => disturb(walk) }));
  return Array.from({ length: all.length }, () => all.splice(Math.floor(walk.next() * all.length), 1)[0]!);
}

/** Cuts some connections: those of one proxy, or that of one client. */
export function cutSomeConnections({ clientProxies, clients, next }: Walk): void {
  if (next() < 0.3) pick(clientProxies, next).closeConnections();
  else pick(clients, next).destroy();
}

/** Deletes all but the newest events, as it happens to events after EVENTS_KEPT. */
async function pruneLogs({ sql, next }: Walk): Promise<void> {
  const kept = next() * 1_000;
  for (;;) {
    const { rows } = await sql.query<{ count: number }>(PRUNE_EVENTS, [kept]);
    if (rows[0]!.count === 0) return;
  }
}

async function hideArticle(walk: Walk): Promise<void> {
  const { articleId: id } = pick(walk.boards, walk.next);
  await asStaff(walk, 'unpublishArticle', { id });
  await walk.untilWritten(15);
  await asStaff(walk, 'publishArticle', { id });
}

async function closeDiscussion(walk: Walk): Promise<void> {
  const { articleId: id, policy } = pick(walk.boards, walk.next);
  await setPolicy(walk, id, 'CLOSED');
  await walk.untilWritten(15);
  await setPolicy(walk, id, policy);
}

async function setPolicy(walk: Walk, id: string, commentPolicy: string): Promise<void> {
  const { node } = await postUntilAnswered<{ node: { version: number } }>(() => pick(walk.urls, walk.next), {
    query: 'query ($id: ID!) { node(id: $id) { ... on Article { version } } }',
    variables: { id },
    authorization: walk.staff,
    signal: walk.over,
  });
  await asStaff(walk, 'updateArticle', { id, expectedVersion: node.version, commentPolicy });
}

async function asStaff({ urls, staff, next, over: signal }: Walk, mutation: string, input: object): Promise<void> {
  const name = mutation[0]!.toUpperCase() + mutation.slice(1);
  const { result } = await postUntilAnswered<{ result: { message?: string } }>(() => pick(urls, next), {
    query: `mutation ($input: ${name}Input!) { result: ${mutation}(input: $input) { ... on Error { message } } }`,
    variables: { input },
    authorization: staff,
    signal,
  });
  // A conflict is the first attempt's own change, whose answer was lost.
  if (result.message !== undefined && mutation !== 'updateArticle')
    throw new Error(`${mutation} was refused: ${result.message}`);
}

/** Takes a backup, lets the discussions go on, and restores it. */
async function restore(walk: Walk, restartLogs: boolean): Promise<void> {
  await takeBackup(walk.sql);
  await walk.untilWritten(EVENTS_LOST);
  await walk.whileNobodyWrites(() => restoreBackup(walk.sql, { restartLogs }));
}
