import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../gateway.ts';
import type { TestProxy } from '../proxy.ts';
import { pick } from '../seed.ts';
import type { Follower } from './follower.ts';
import { SIZE } from './size.ts';
import type { Board } from './writer.ts';

export interface CutOptions {
  follower: Follower;
  /** The ways that its connections take. */
  ways: readonly TestProxy[];
  /** What is written meanwhile. */
  board: Board;
  next: () => number;
}

/** Milliseconds after something came within which a connection is cut. */
const MOMENT = 50;
/** Changes of which a client hears nothing, so that it has something to catch up with. */
const MISSED = 10;

const cutters: readonly ((options: CutOptions) => Promise<void>)[] = [
  async ({ follower }) => follower.destroy(),
  async ({ follower }) => follower.leave(),
  async ({ ways }) => {
    for (const way of ways) way.closeConnections();
  },
  // The net is gone for a while, and nobody is told.
  async ({ ways, board }) => {
    for (const way of ways) way.freeze();
    await written(board, MISSED);
    for (const way of ways) {
      way.closeConnections();
      way.thaw();
    }
  },
  // It was away, and goes again while it catches up.
  async ({ follower, board }) => {
    const release = follower.hold();
    follower.destroy();
    await written(board, MISSED);
    const { losses } = follower;
    release();
    await until('it catches up', () => follower.results > 0 || follower.losses > losses);
    follower.destroy();
  },
];

/** Takes the connections of a client away, each at some moment and in some way, until it has lost so many. */
export async function cutAgainAndAgain(options: CutOptions, losses: number): Promise<void> {
  const { follower, next } = options;
  while (follower.losses < losses) {
    const { losses: before } = follower;
    const results = Math.floor(next() * SIZE.resultsBetween);
    await until('results come', () => follower.isConnected && follower.results >= results);
    await delay(next() * MOMENT);
    await pick(cutters, next)(options);
    await until('it notices', () => follower.losses > before);
  }
}

function written(board: Board, count: number): Promise<void> {
  const { writes } = board;
  return until('something is written', () => board.writes >= writes + count);
}
