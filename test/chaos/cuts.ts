import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../gateway.ts';
import type { TestProxy } from '../proxy.ts';
import { pick } from '../seed.ts';
import type { Follower } from './follower.ts';
import { SIZE } from './size.ts';
import type { Board } from './writer.ts';

export interface CutOptions {
  follower: Follower;
  /** The proxies that its connections pass. */
  proxies: readonly TestProxy[];
  /** The discussion that the follower follows. */
  board: Board;
  next: () => number;
}

/** Longest time in milliseconds from a result to the cut. */
const MAX_DELAY = 50;
/** Changes during an absence, so that the follower has something to catch up with. */
const MISSED = 10;

const cutters: readonly ((options: CutOptions) => Promise<void>)[] = [
  async ({ follower }) => follower.destroy(),
  async ({ follower }) => follower.leave(),
  async ({ proxies }) => {
    for (const proxy of proxies) proxy.closeConnections();
  },
  // The network is gone for a while, and neither end is informed.
  async ({ proxies, board }) => {
    for (const proxy of proxies) proxy.freeze();
    await untilWritten(board, MISSED);
    for (const proxy of proxies) {
      proxy.closeConnections();
      proxy.thaw();
    }
  },
  // The follower was disconnected, and loses its connection again while it catches up.
  async ({ follower, board }) => {
    const release = follower.hold();
    follower.destroy();
    await untilWritten(board, MISSED);
    const { losses } = follower;
    release();
    await untilSeen('the follower catches up', () => follower.results > 0 || follower.losses > losses);
    follower.destroy();
  },
];

/** Cuts the follower's connection at random moments and in random ways, until it has lost the given number. */
export async function cutAgainAndAgain(options: CutOptions, losses: number): Promise<void> {
  const { follower, next } = options;
  while (follower.losses < losses) {
    const { losses: before } = follower;
    const results = Math.floor(next() * SIZE.resultsBetween);
    await untilSeen('results arrive', () => follower.isConnected && follower.results >= results);
    await delay(next() * MAX_DELAY);
    await pick(cutters, next)(options);
    await untilSeen('the follower notices the loss', () => follower.losses > before);
  }
}

function untilWritten(board: Board, count: number): Promise<void> {
  const { writes } = board;
  return untilSeen('changes are written', () => board.writes >= writes + count);
}

/** Waits longer than most tests: all clients, writers and gateways share a machine, which may be doing more than this. */
function untilSeen(what: string, holds: () => boolean): Promise<void> {
  return until(what, holds, { limit: 60_000 });
}
