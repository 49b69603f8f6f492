import { performance } from 'node:perf_hooks';
import type { AttackTally, Target } from './attackers.ts';

/** One attack while it goes on. */
export interface AttackRun {
  target: Target;
  tally: AttackTally;
  /** Whether there is time left. */
  goesOn(): boolean;
  count(what: string): void;
}

export function createRun(target: Target, seconds: number): AttackRun {
  const until = performance.now() + seconds * 1000;
  const tally: AttackTally = {};
  return {
    target,
    tally,
    goesOn: () => performance.now() < until,
    count: (what) => {
      tally[what] = (tally[what] ?? 0) + 1;
    },
  };
}

/** Runs attackers beside each other, each with its number from 0. */
export async function together(count: number, one: (attacker: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, attacker) => one(attacker)));
}
