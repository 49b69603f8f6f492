import { setPriority } from 'node:os';
import type { Attack, AttackName, AttackTally } from './attackers.ts';
import { askMuch, leaveUnfinished, readNothing, saveLargeArticles, sendDistinctTexts } from './http-attacks.ts';
import { type AttackRun, createRun } from './run.ts';
import { flood, subscribeOften } from './socket-attacks.ts';

/** Niceness: the load of the attackers shares a core with that of the readers, and is not to be measured itself. */
const NICE = 10;
setPriority(NICE);

const ATTACKS: Readonly<Record<AttackName, (run: AttackRun) => Promise<void>>> = {
  'expensive queries': askMuch,
  'unread answers': readNothing,
  'unfinished bodies': leaveUnfinished,
  'ping floods': flood,
  'distinct texts': sendDistinctTexts,
  subscriptions: subscribeOften,
  'large articles': saveLargeArticles,
};

async function attack({ name, target, seconds }: Attack): Promise<AttackTally> {
  const run = createRun(target, seconds);
  await ATTACKS[name](run);
  return run.tally;
}

process.on('message', async (job: Attack) => {
  process.send?.(await attack(job));
});
process.once('disconnect', () => process.exit());
