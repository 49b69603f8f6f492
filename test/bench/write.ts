import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { SignJWT } from 'jose';
import type pg from 'pg';
import { openDatabase } from './database.ts';
import { copyDatabase } from './database-copy.ts';
import { sentAtOf } from './delivery.ts';
import { goal } from './goal.ts';
import { type Load, type LoadRequest, startLoad } from './load/load.ts';
import { type Opening, whileOpen } from './opening.ts';
import type { MeasureOptions } from './pages.ts';
import { type Measured, measureInTurns, type Target } from './rounds.ts';
import { HOLDS_NOTHING, type Server, startGateway } from './servers/gateway.ts';
import { isPinned, unpin } from './servers/process.ts';
import { type DatabaseTime, databaseTimeOf } from './servers/usage.ts';
import { describePages } from './setting.ts';
import { median, table } from './table.ts';
import { COUNTER, startUpdates, type Updates } from './updates/updates.ts';
import {
  commentOf,
  decisions,
  edits,
  guestOf,
  quietArticles,
  reactions,
  type Writer,
  writeHistory,
} from './write-requests.ts';
import { startWriters, type Writers } from './writers/writers.ts';

export interface WriteOptions extends Omit<MeasureOptions, 'only'> {
  /** Writers of one article, and of as many articles. */
  writers: number;
  /** Comments that one writer has written before. */
  history: number;
  /** Comments of a writer in each round. */
  posts: number;
}

const SECRET = 'the secret of the benchmark, known to all';

/** Milliseconds that the writer with a history may wait, as a part of those of a new one. */
const MOST_HISTORY = 1.1;
/** The rate of comments on one article, as a part of the rate of updates of one row. */
const LEAST_SHARE = 0.7;
/** The part of the machine's processors that writers of different articles keep busy. */
const LEAST_BUSY = 0.9;

/** Bytes of the shortest success; a refusal is shorter. */
const LEAST_BYTES = 300;

const BODY = 'Thank you for this, and for the drawing. My teacher had the *soprano* and the wine glass.';

interface Site {
  url: string;
  client: pg.Client;
  gateway: Server;
  load: Load;
  databaseTime: DatabaseTime | null;
}

/**
 * Measures changes of discussions in a copy of the database, and prints tables and which goals were reached.
 * @throws when one is refused, or a comment held
 */
export async function measureWrites(options: WriteOptions): Promise<void> {
  await whileOpen(async (opening) => {
    const { url, client } = await copyDatabase(opening, await opening(openDatabase(console.log)));
    console.log(`${await describePages(client, options)}\n`);
    await measureHistory(opening, { url, client }, options);
    // A gateway on one core would wait for PostgreSQL's processes there, while another core is idle.
    if (isPinned) console.log('From here on, nothing is pinned to a core.');
    unpin();
    const site: Site = {
      url,
      client,
      gateway: await opening(startGateway(url, [], { ...HOLDS_NOTHING, JWT_SECRET: SECRET })),
      load: await opening(startLoad()),
      databaseTime: await databaseTimeOf(client),
    };
    await measureOneArticle(site, await opening(startUpdates()), options);
    await measureArticles(site, options);
    await measureOthers(site, options);
  });
}

/** A writer of many comments and a new one, each of whose comments follows the answer to the one before. */
async function measureHistory(
  opening: Opening,
  { url, client }: Pick<Site, 'url' | 'client'>,
  { history, posts, rounds }: WriteOptions,
): Promise<void> {
  // With rate limits, the rules that read what somebody has written are on. They hold no comments that differ, as long as they are
  // not too many, and each comment has an address of its own.
  const environment = { RATE_LIMITS: 'memory', TRUST_PROXY: '1', HOLD_FREQUENT: '10000' };
  const gateway = await opening(startGateway(url, [], environment));
  const writers = await opening(startWriters());
  const articles = await quietArticles(client, posts);
  const latencies = { old: [] as number[], fresh: [] as number[] };
  const post = (guest: Writer, round: number): Promise<number> => {
    const requests = articles.map((id) => commentOf(id, { guest, body: `Round ${round}, %n: ${BODY}` }));
    return latencyOf(writers, gateway, { bodies: requests.map(({ body }) => body!), address: `2001:${calls++}:%n::1` });
  };
  // The first round is not counted. Both writers of a round have as many comments of this day.
  let calls = 1;
  for (let round = 0; round <= rounds; round++) {
    const old = guestOf(`of many words ${round}`);
    await writeHistory(client, { writer: old, comments: history, articles });
    const all = [
      { latencies: latencies.old, guest: old },
      { latencies: latencies.fresh, guest: guestOf(`new ${round}`) },
    ];
    // Each is the first of every other round: the history that was written before it keeps PostgreSQL busy for a while.
    for (const one of round % 2 === 0 ? all : all.reverse()) {
      const latency = await post(one.guest, round);
      if (round > 0) one.latencies.push(latency);
    }
  }
  const [before, fresh] = [median(latencies.old), median(latencies.fresh)];
  console.log(
    goal(
      before <= MOST_HISTORY * fresh,
      `a comment of a writer with ${history.toLocaleString('en')} others takes ${before.toFixed(2)} ms, of a new one ${fresh.toFixed(2)}`,
    ),
  );
  await gateway.stop();
  await writers.stop();
}

/** Milliseconds that half of the comments took at most. @throws when one was refused or held */
async function latencyOf(
  writers: Writers,
  { url }: Server,
  { bodies, address }: { bodies: readonly string[]; address: string },
): Promise<number> {
  const headers = { 'x-forwarded-for': address };
  const posts = await writers.post({ url, bodies, headers, posts: bodies.length, connections: 1 });
  sentAtOf(posts);
  return median(posts.map(({ sentAt, answeredAt }) => answeredAt - sentAt));
}

/** Writers of one article, whose row they lock, beside clients that only update one row. */
async function measureOneArticle(site: Site, updates: Updates, options: WriteOptions): Promise<void> {
  const { url, client, gateway, load } = site;
  const { writers, seconds, rounds } = options;
  const [article] = await quietArticles(client, 1);
  await client.query(COUNTER);
  const requests = Array.from({ length: writers }, (_, n) =>
    commentOf(article!, { guest: guestOf(`one ${n}`), body: BODY }),
  );
  const comment = () =>
    load.run({ url: gateway.url, requests, connections: writers, seconds, leastBytes: LEAST_BYTES, status: 200 });
  const update = () => updates.run({ url, clients: writers, seconds });
  await comment();
  await update();
  const rates = { comments: [] as number[], updates: [] as number[] };
  for (let round = 1; round <= rounds; round++) {
    rates.comments.push((await comment()).perSecond);
    rates.updates.push(await update());
    console.error(`one article: round ${round} of ${rounds}`);
  }
  const [comments, plain] = [median(rates.comments), median(rates.updates)];
  const share = comments / plain;
  console.log(
    goal(
      share >= LEAST_SHARE,
      `${writers} writers of one article: ${Math.round(comments)} comments a second, ${(100 * share).toFixed(0)}% of ${Math.round(plain)} updates of one row by ${writers} clients`,
    ),
  );
}

/** As many writers of an article each, who wait for nothing but the processors. */
async function measureArticles(site: Site, options: WriteOptions): Promise<void> {
  const { writers } = options;
  const articles = await quietArticles(site.client, writers);
  const requests = articles.map((id, n) => commentOf(id, { guest: guestOf(`all ${n}`), body: BODY }));
  const busy: number[] = [];
  const beside = async (seconds: number): Promise<void> => {
    const before = processorTimes();
    await delay(1000 * seconds);
    const after = processorTimes();
    busy.push((after.busy - before.busy) / (after.all - before.all));
  };
  const title = `${writers} writers of ${writers} articles`;
  const measured = await measure(site, { title, requests, beside }, { ...options, connections: writers });
  const share = median(busy);
  console.log(
    goal(share >= LEAST_BUSY, `${title} keep the processors busy for ${(100 * share).toFixed(0)}% of the time`),
  );
  console.log(`\n${table(HEADER, [rowOf(title, measured)])}\n`);
}

/** Milliseconds of all processors since the machine was started. */
function processorTimes(): { busy: number; all: number } {
  const times = cpus().map((cpu) => cpu.times);
  const idle = times.reduce((sum, one) => sum + one.idle, 0);
  const all = times.reduce((sum, { user, nice, sys, irq, idle }) => sum + user + nice + sys + irq + idle, 0);
  return { busy: all - idle, all };
}

/** Changes of comments that are there. */
async function measureOthers(site: Site, options: WriteOptions): Promise<void> {
  const { client, gateway } = site;
  const { connections } = options;
  const [reader, moderator] = [await authorization('READER'), await authorization('MODERATOR')];
  const articles = await quietArticles(client, connections);
  const kinds: [title: string, requests: LoadRequest[]][] = [
    ['Edits', await edits(gateway.url, { articles, connections })],
    ['Reactions', await reactions(client, connections, reader)],
    ['Decisions', await decisions(client, connections, moderator)],
  ];
  const rows: string[][] = [];
  for (const [title, requests] of kinds) rows.push(rowOf(title, await measure(site, { title, requests }, options)));
  console.log(table(HEADER, rows));
}

async function authorization(role: string): Promise<Record<string, string>> {
  const token = new SignJWT({ name: `The ${role}`, roles: [role] })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(role);
  return { authorization: `Bearer ${await token.setExpirationTime('1 day').sign(Buffer.from(SECRET))}` };
}

async function measure(
  { gateway, load, databaseTime }: Site,
  { title, ...target }: { title: string } & Pick<Target, 'requests' | 'beside'>,
  options: WriteOptions,
): Promise<Measured> {
  const targets: Target<'gateway'>[] = [{ name: 'gateway', server: gateway, leastBytes: LEAST_BYTES, ...target }];
  return (await measureInTurns(targets, { ...options, load, databaseTime, title })).get('gateway')!;
}

const HEADER = ['change', 'requests/s', 'p50 ms', 'p99 ms', 'server ms for 1,000', 'database ms'];

function rowOf(title: string, { perSecond, p50, p99, serverTime, databaseTime }: Measured): string[] {
  return [
    title,
    Math.round(perSecond).toLocaleString('en'),
    ...[p50, p99].map((time) => time.toFixed(1)),
    ...[serverTime, databaseTime].map((time) => time.toFixed(0)),
  ];
}
