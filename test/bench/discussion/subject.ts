import { answerOf } from '../answers.ts';
import type { Hall, RemoteCrowd } from '../crowd/hall.ts';
import type { Subscription } from '../crowd/jobs.ts';
import type { BroadcastServer } from '../servers/baselines.ts';
import type { Server } from '../servers/gateway.ts';
import type { Post, Writers } from '../writers/writers.ts';
import type { Discussions } from './database.ts';
import { following, reading, writing } from './documents.ts';

/** A discussion at one server, with its readers and those who write it. */
export interface Subject {
  name: 'gateway' | 'bare ws';
  server: Server;
  crowd: RemoteCrowd;
  subscription: Subscription;
  /** The subscription of those who come back and have missed the latest so many; to be made before they are written. */
  returning(missed: number): Promise<Subscription>;
  /** Has so many comments written: as fast as they are taken, or one every so many milliseconds. */
  write(comments: number, every?: number): Promise<Post[]>;
  /** Ids of the latest comments, in the order of the log; null where there is no log. */
  log(latest: number): Promise<string[] | null>;
}

export interface Sources {
  hall: Hall;
  writers: Writers;
}

export interface GatewayOptions extends Sources {
  gateway: Server;
  discussions: Discussions;
  /** Requests under way at a time that write. */
  connections: number;
  /** Words of a comment; %n in it becomes its number. */
  text: string;
}

/** An article of its own at the gateway. */
export async function atGateway(options: GatewayOptions): Promise<Subject> {
  const { gateway, discussions, connections, text, hall, writers } = options;
  const article = await discussions.open();
  return {
    name: 'gateway',
    server: gateway,
    crowd: hall.crowd(article),
    subscription: following(article),
    returning: async () => following(article, await cursorOf(gateway.url, article)),
    write: (posts, every) =>
      writers.post({ url: gateway.url, bodies: [writing(article, text)], posts, connections, ...(every && { every }) }),
    log: (latest) => discussions.log(article, latest),
  };
}

/** The server that only sends. It is told once to send all of a burst, or once for each event of a stream. */
export function atBare(bare: BroadcastServer, { hall, writers }: Sources): Subject {
  return {
    name: 'bare ws',
    server: bare,
    crowd: hall.crowd('bare ws'),
    subscription: { query: '', variables: {} },
    returning: async (missed) => ({ query: '', variables: { missed } }),
    write: (comments, every) =>
      writers.post({
        url: bare.url,
        bodies: [JSON.stringify({ broadcasts: every ? 1 : comments })],
        posts: every ? comments : 1,
        connections: 1,
        ...(every && { every }),
      }),
    log: async () => null,
  };
}

/** Where an article's log is now. */
async function cursorOf(url: string, article: string): Promise<string> {
  const answer = await answerOf(url, reading(article));
  const { data } = JSON.parse(answer) as { data: { node: { liveCursor: string } } };
  return data.node.liveCursor;
}

/** Handshakes under way at a time: those who come one after the other are not what is measured. */
const AT_A_TIME = 50;

/** Milliseconds in which a probe reaches those whom it will reach. */
const PROBE_WITHIN = 1_000;
const MOST_PROBES = 30;

/**
 * Adds readers until there are so many. A subscription is not acknowledged, so comments are written until one has
 * reached everybody.
 * @returns the text of an event
 * @throws when none does
 */
export async function gather(subject: Subject, readers: number): Promise<string> {
  const { crowd, server, subscription } = subject;
  const present = (await crowd.awaitEvents(0, 0)).readers;
  await crowd.join({ url: server.url, readers: readers - present, subscription, atATime: AT_A_TIME });
  for (let probes = 1; ; probes++) {
    await crowd.reset();
    await subject.write(1);
    const tally = await crowd.awaitEvents(1, PROBE_WITHIN);
    if (tally.complete === readers) return tally.sample;
    if (probes === MOST_PROBES)
      throw new Error(`${tally.complete} of ${readers} hear of a comment at the ${subject.name}: ${tally.complaints}`);
  }
}
