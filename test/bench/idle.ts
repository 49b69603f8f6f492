import { setTimeout as delay } from 'node:timers/promises';
import { openHall } from './crowd/hall.ts';
import { openDiscussions } from './discussion/database.ts';
import { COMMENT } from './discussion/documents.ts';
import { atGateway, gather } from './discussion/subject.ts';
import { goal } from './goal.ts';
import { whileOpen } from './opening.ts';
import { startGateway } from './servers/gateway.ts';
import { chooseInspector } from './servers/inspector.ts';
import { memoryOf } from './servers/usage.ts';
import { describeMachine } from './setting.ts';
import { table } from './table.ts';
import { startWriters } from './writers/writers.ts';

export interface IdleOptions {
  readers: number;
  /** Articles that they are spread over. */
  articles: number;
  /** Seconds of rest before memory is looked at. */
  rest: number;
}

/** Bytes that a subscribed socket may take of the gateway's process. */
const MOST_EACH = 40_000;

/** Readers that come and go before anything counts, so that what is compiled and loaded once is there. */
const WARM_UP = 200;

/** Measures what readers cost who have subscribed and hear nothing, and prints a table. */
export async function measureIdle({ readers, articles, rest }: IdleOptions): Promise<void> {
  await whileOpen(async (opening) => {
    const discussions = await openDiscussions(opening, console.log);
    const inspector = await chooseInspector();
    const gateway = await opening(startGateway(discussions.url, inspector.nodeOptions));
    const sources = { hall: await opening(openHall()), writers: await opening(startWriters()) };
    console.log(`${await describeMachine(discussions.client)}
${readers.toLocaleString('en')} readers of ${articles} articles, idle; looked at after ${rest} seconds of rest.\n`);

    const open = () => atGateway({ gateway, discussions, connections: 1, text: COMMENT, ...sources });
    const look = async (): Promise<Footprint> => {
      await delay(1000 * rest);
      const { resident: atRest } = await memoryOf(gateway.pid);
      const live = await inspector.liveHeap();
      const { resident: collected } = await memoryOf(gateway.pid);
      return { atRest, collected, live };
    };
    const early = await open();
    await gather(early, WARM_UP);
    await early.crowd.leave();
    const before = await look();
    for (let article = 0; article < articles; article++) {
      const share = Math.floor((readers * (article + 1)) / articles) - Math.floor((readers * article) / articles);
      await gather(await open(), share);
    }
    const after = await look();

    const row = (name: string, then: number, now: number): string[] => [
      name,
      (then / 1e6).toFixed(1),
      (now / 1e6).toFixed(1),
      ((now - then) / readers / 1000).toFixed(1),
    ];
    const each = (after.atRest - before.collected) / readers;
    console.log(
      table(
        ['gateway', 'MB before', 'MB with readers', 'kB each'],
        [
          // Against what it was without garbage: that of the readers' coming is theirs.
          row('RSS at rest', before.collected, after.atRest),
          row('RSS without garbage', before.collected, after.collected),
          row('live objects', before.live, after.live),
        ],
      ),
    );
    console.log(
      goal(each < MOST_EACH, `${(each / 1000).toFixed(1)} kB of RSS each at rest; less than ${MOST_EACH / 1000}`),
    );
  });
}

/** What a process has of memory, in bytes: as it stands, after a collection of garbage, and what its objects take. */
interface Footprint {
  atRest: number;
  collected: number;
  live: number;
}
