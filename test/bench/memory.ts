import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { openDatabase } from './database.ts';
import { connect } from './database-copy.ts';
import { goal } from './goal.ts';
import { keptBy } from './kept.ts';
import { type LoadRequest, startLoad } from './load/load.ts';
import { whileOpen } from './opening.ts';
import { article } from './operations/article.ts';
import { bodyOf } from './operations/operation.ts';
import { threadParents } from './operations/thread.ts';
import { startGateway } from './servers/gateway.ts';
import { type Memory, memoryOf } from './servers/usage.ts';
import { describeMachine } from './setting.ts';
import { table } from './table.ts';
import { KEPT } from './warm.ts';

export interface MemoryOptions {
  seconds: number;
  connections: number;
}

/** Bytes that the gateway's process may have. */
const MOST_RESIDENT = 250e6;
/** Milliseconds from one row of the table to the next. */
const LOOKS = 6;

/** Has a gateway fill its memory for kept responses with the pages of all articles, and prints what its process has of memory. */
export async function measureMemory({ seconds, connections }: MemoryOptions): Promise<void> {
  await whileOpen(async (opening) => {
    const { url } = await opening(openDatabase(console.log));
    const { client } = await opening(connect(url));
    const gateway = await opening(startGateway(url, [], KEPT));
    const load = await opening(startLoad());
    const requests = await manyPages(client);
    console.log(`${await describeMachine(client)}
${requests.length.toLocaleString('en')} pages in turn, every other one compressed; ${connections} connections, ${seconds} s.\n`);

    const look = async (after: number) => ({ after, kept: await keptBy(gateway), memory: await memoryOf(gateway.pid) });
    const looks = [await look(0)];
    const loading = load.run({ url: gateway.url, requests, connections, seconds, leastBytes: 0, status: 200 });
    for (let n = 1; n <= LOOKS; n++) {
      await delay((1000 * seconds) / LOOKS);
      looks.push(await look((n * seconds) / LOOKS));
    }
    const { answers } = await loading;
    const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
    console.log(
      table(
        ['after s', 'RSS MB', 'most MB', 'kept MB', 'responses kept'],
        looks.map(({ after, kept, memory }) => [
          after.toFixed(0),
          megabytes(memory.resident),
          megabytes(memory.peak),
          megabytes(kept.bytes),
          kept.entries.toLocaleString('en'),
        ]),
      ),
    );
    const { peak }: Memory = looks.at(-1)!.memory;
    console.log(
      goal(
        peak < MOST_RESIDENT,
        `${megabytes(peak)} MB of RSS at most, ${answers.toLocaleString('en')} responses; less than ${megabytes(MOST_RESIDENT)}`,
      ),
    );
  });
}

async function manyPages(client: pg.Client): Promise<LoadRequest[]> {
  const { rows } = await client.query<{ slug: string }>(
    `SELECT slug FROM article WHERE status = 'PUBLISHED' ORDER BY id`,
  );
  return rows.flatMap((variables) =>
    [article, threadParents].map(({ name, document }, n) => ({
      body: bodyOf({ name, document, variables: { ...variables } }),
      headers: { 'accept-encoding': n === 0 ? 'br' : 'identity' },
    })),
  );
}
