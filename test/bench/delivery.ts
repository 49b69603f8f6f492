import type { Tally } from './crowd/jobs.ts';
import type { Subject } from './discussion/subject.ts';
import type { Post } from './writers/writers.ts';

/** When each comment was sent, by its id. @throws when a post was refused, or its comment held */
export function sentAtOf(posts: readonly Post[]): Record<string, number> {
  const sentAt: Record<string, number> = {};
  for (const post of posts) {
    const ids = [...post.answer.matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id!);
    if (ids.length === 0 || post.answer.includes('"held":true')) throw new Error(`Not taken: ${post.answer}`);
    for (const id of ids) sentAt[id] = post.sentAt;
  }
  return sentAt;
}

export interface Delivery {
  tally: Tally;
  /** Readers that must have everything. */
  readers: number;
  posts: readonly Post[];
}

/**
 * What is wrong with a delivery, in words: nothing when each reader has each comment once, in the order of the log. The
 * tally has compared the readers with each other; this compares what they have with what was written.
 */
export async function faultsOf({ log }: Subject, { tally, readers, posts }: Delivery): Promise<string[]> {
  const written = Object.keys(sentAtOf(posts));
  const expected = (await log(written.length)) ?? written;
  const faults: string[] = [];
  if (tally.complete !== readers)
    faults.push(
      `${tally.complete} of ${readers} readers have ${written.length} events, all together ${tally.heard}; closed: ${JSON.stringify(tally.closes)}`,
    );
  if (tally.misplaced > 0) faults.push(`${tally.misplaced} events were lost, doubled or out of order`);
  if (written.toSorted().join() !== expected.toSorted().join()) faults.push('the log does not hold what was written');
  if (tally.ids.join() !== expected.join())
    faults.push(`${tally.ids.length} events came, not those of the log in order`);
  for (const complaint of tally.complaints) faults.push(`heard ${complaint.slice(0, 300)}`);
  return faults;
}

/** Says what failed, and makes the benchmark fail. */
export function report(where: string, faults: readonly string[]): void {
  for (const fault of faults) console.log(`FAILED: ${where}: ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}
