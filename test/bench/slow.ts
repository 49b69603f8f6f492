import { openHall } from './crowd/hall.ts';
import type { Lateness } from './crowd/jobs.ts';
import { faultsOf, report, sentAtOf } from './delivery.ts';
import { openDiscussions } from './discussion/database.ts';
import { longComment } from './discussion/documents.ts';
import { atGateway, gather, type Subject } from './discussion/subject.ts';
import { goal } from './goal.ts';
import { whileOpen } from './opening.ts';
import { profiling, startGateway } from './servers/gateway.ts';
import { forgetPeak, memoryOf } from './servers/usage.ts';
import { describeMachine } from './setting.ts';
import { table } from './table.ts';
import { type Post, startWriters } from './writers/writers.ts';

export interface SlowOptions {
  readers: number;
  /** Of those, readers that stop reading. */
  paused: number;
  comments: number;
  /** Bytes of an event, about. */
  bytes: number;
  /** Requests under way at a time that write. */
  connections: number;
  /** Folder for a profile of the gateway. */
  profile?: string;
}

/** The close code of whom the gateway does not wait for. */
const TOO_SLOW = '4413';

/** Milliseconds in which all have everything, or never will. */
const WITHIN = 120_000;

/** Bytes by which the gateway's memory may grow from when all have subscribed and nothing has been written yet. */
const MOST_GROWTH = 100e6;

/** Comments while everybody reads, to compare with. */
const UNDISTURBED = 500;

/**
 * Lets some of the readers stop reading while much is written, and says what it costs the gateway and the others, and
 * whether those who stopped come to have everything when they go on.
 */
export async function measureSlow(options: SlowOptions): Promise<void> {
  const { readers, paused, comments, bytes, connections, profile } = options;
  await whileOpen(async (opening) => {
    const discussions = await openDiscussions(opening, console.log);
    const gateway = await opening(startGateway(discussions.url, profiling(profile)));
    const hall = await opening(openHall());
    const writers = await opening(startWriters());
    const subject = await atGateway({ gateway, discussions, connections, text: longComment(bytes), hall, writers });
    const { crowd } = subject;
    console.log(`${await describeMachine(discussions.client)}
${comments.toLocaleString('en')} comments to ${readers} readers, of which ${paused} do not read.\n`);

    const eventBytes = Buffer.byteLength(await gather(subject, readers));
    await forgetPeak(gateway.pid);
    const before = await memoryOf(gateway.pid);
    const undisturbed = await write(subject, { count: UNDISTURBED, reading: readers });
    const meanwhile = await memoryOf(gateway.pid);
    await crowd.pause(paused);
    const disturbed = await write(subject, { count: comments, reading: readers - paused });
    const after = await memoryOf(gateway.pid);
    report('those who read on', disturbed.faults);

    await crowd.resume(paused);
    const { closes } = await crowd.awaitClosed(paused, WITHIN);
    await crowd.rejoin();
    const tally = await crowd.awaitEvents(comments, WITHIN);
    report('those who came back', await faultsOf(subject, { tally, readers, posts: disturbed.posts }));

    const growth = after.peak - before.resident;
    const rows = [
      ['nobody', UNDISTURBED, undisturbed, meanwhile],
      [`${paused}`, comments, disturbed, after],
    ] as const;
    console.log(`An event has ${eventBytes.toLocaleString('en')} bytes.

${table(
  ['who do not read', 'comments', 'a second', 'p99 ms', 'RSS MB', 'peak MB'],
  rows.map(([who, count, { perSecond, lateness }, { resident, peak }]) => [
    who,
    count.toLocaleString('en'),
    perSecond.toFixed(0),
    lateness.p99.toFixed(0),
    megabytes(resident),
    megabytes(peak),
  ]),
)}
${goal(growth < MOST_GROWTH, `the gateway's memory grew from ${megabytes(before.resident)} MB by ${megabytes(growth)} MB at its peak; less than ${megabytes(MOST_GROWTH)}`)}
${goal(closes[TOO_SLOW] === paused, `close codes of ${paused} who did not read: ${JSON.stringify(closes)}; each ${TOO_SLOW}`)}
${goal(tally.complete === readers, `${tally.complete} of ${readers} readers have everything in the end, ${tally.misplaced} events out of place`)}`);
  });
}

interface Written {
  posts: Post[];
  /** Comments a second, until all who read had them. */
  perSecond: number;
  lateness: Lateness;
  faults: string[];
}

async function write(subject: Subject, { count, reading }: { count: number; reading: number }): Promise<Written> {
  const { crowd } = subject;
  await crowd.reset();
  const posts = await subject.write(count);
  const tally = await crowd.awaitEvents(count, WITHIN);
  return {
    posts,
    perSecond: (1000 * count) / (tally.lastAt - posts[0]!.sentAt),
    lateness: await crowd.lateness(sentAtOf(posts)),
    faults: await faultsOf(subject, { tally, readers: reading, posts }),
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
