import { now } from './clock.ts';
import { openHall } from './crowd/hall.ts';
import { faultsOf, report } from './delivery.ts';
import { type Discussions, openDiscussions } from './discussion/database.ts';
import { COMMENT } from './discussion/documents.ts';
import { atBare, atGateway, gather, type Sources, type Subject } from './discussion/subject.ts';
import { type Opening, whileOpen } from './opening.ts';
import { startBroadcast } from './servers/baselines.ts';
import { countStatements } from './servers/counter.ts';
import { profiling, startGateway } from './servers/gateway.ts';
import { processorTime } from './servers/usage.ts';
import { describeMachine } from './setting.ts';
import { median, table } from './table.ts';
import { startWriters } from './writers/writers.ts';

export interface ReturnOptions {
  readers: number;
  /** Comments that were written while they were away. */
  missed: number;
  /** Requests under way at a time that write them. */
  connections: number;
  /** Returns to each server; the medians are shown. */
  rounds: number;
  /** Folder for a profile of the gateway. */
  profile?: string;
}

/** Milliseconds in which all are up to date, or never will be. */
const WITHIN = 60_000;

/**
 * Lets all readers come at once, with the same cursor, as when a network is back, and measures until each has heard what
 * it missed and that this was all; in turns at the gateway and at a server that sends the same strings.
 */
export async function measureReturn(options: ReturnOptions): Promise<void> {
  const { readers, missed, connections, rounds, profile } = options;
  await whileOpen(async (opening) => {
    const discussions = await openDiscussions(opening, console.log);
    const gateway = await opening(startGateway(discussions.url, profiling(profile)));
    const bare = await opening(startBroadcast());
    const sources = { hall: await opening(openHall()), writers: await opening(startWriters()) };
    console.log(`${await describeMachine(discussions.client)}
${readers.toLocaleString('en')} readers come at once, and each has missed ${missed} comments; medians of ${rounds} rounds.\n`);

    const subjects = [
      await atGateway({ gateway, discussions, connections, text: COMMENT, ...sources }),
      atBare(bare, sources),
    ];
    const measured = new Map<Subject, Return[]>(subjects.map((subject) => [subject, []]));
    // The first round is for the compilers.
    for (let round = 0; round <= rounds; round++) {
      for (const subject of subjects) {
        await bare.imitate(await gather(subject, 1));
        await subject.crowd.leave();
        const one = await comeBack(subject, options);
        if (round > 0) measured.get(subject)!.push(one);
      }
      console.error(`round ${round} of ${rounds}`);
    }
    const statements = await statementsOf(opening, { discussions, options, ...sources });
    const rows = [...measured].map(([{ name }, all]) => {
      const milliseconds = median(all.map((one) => one.milliseconds));
      return [
        name,
        milliseconds.toFixed(0),
        Math.round((1000 * readers * missed) / milliseconds).toLocaleString('en'),
        median(all.map((one) => one.serverTime)).toFixed(0),
        name === 'gateway' ? String(statements) : '0',
      ];
    });
    console.log(table(['server', 'ms until all have', 'events/s', 'CPU ms', 'SQL'], rows));
  });
}

interface Return {
  /** From the first handshake until the last reader was up to date. */
  milliseconds: number;
  /** Milliseconds of processor time that the server took. */
  serverTime: number;
}

async function comeBack(subject: Subject, { readers, missed }: ReturnOptions, before?: () => void): Promise<Return> {
  const { crowd, server, name } = subject;
  const subscription = await subject.returning(missed);
  const posts = await subject.write(missed);
  before?.();
  const serverTime = await processorTime(server.pid);
  const start = now();
  await crowd.join({ url: server.url, readers, subscription });
  const tally = await crowd.awaitCaughtUp(WITHIN);
  report(
    name,
    // What the bare server has sent to nobody has ids of its own.
    name === 'gateway' ? await faultsOf(subject, { tally, readers, posts }) : [],
  );
  if (tally.caughtUp !== readers || tally.replayed !== readers * missed)
    report(name, [`${tally.caughtUp} of ${readers} readers are up to date, told of ${tally.replayed} events`]);
  const measured = {
    milliseconds: tally.caughtUpAt - start,
    serverTime: (await processorTime(server.pid)) - serverTime,
  };
  await crowd.leave();
  return measured;
}

interface Counting extends Sources {
  discussions: Discussions;
  options: ReturnOptions;
}

/** Statements of one such return, counted at a gateway of its own: the counter takes time that is not to be measured. */
async function statementsOf(opening: Opening, { discussions, options, ...sources }: Counting): Promise<number> {
  const counter = await opening(countStatements(discussions.url));
  const gateway = await opening(startGateway(counter.url));
  const { connections } = options;
  const subject = await atGateway({ gateway, discussions, connections, text: COMMENT, ...sources });
  let before = 0;
  await comeBack(subject, options, () => {
    before = counter.count();
  });
  return counter.count() - before;
}
