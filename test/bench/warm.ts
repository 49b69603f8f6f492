import type pg from 'pg';
import { answersOf, compareAnswers } from './answers.ts';
import { CONSTANT, leastOf } from './contest.ts';
import { openDatabase } from './database.ts';
import { copyDatabase } from './database-copy.ts';
import { sentAtOf } from './delivery.ts';
import { keptBy, shareOfHits } from './kept.ts';
import { type Load, startLoad } from './load/load.ts';
import { whileOpen } from './opening.ts';
import { addComment, newComment } from './operations/add-comment.ts';
import { article } from './operations/article.ts';
import { author } from './operations/author.ts';
import { front } from './operations/front.ts';
import { bodyOf, type Operation, type Variables } from './operations/operation.ts';
import { thread } from './operations/thread.ts';
import type { MeasureOptions } from './pages.ts';
import { byPopularity } from './popularity.ts';
import { type Measured, measureInTurns, type Rounds, type Target } from './rounds.ts';
import { type ConstantServer, startConstant, startOneStatement } from './servers/baselines.ts';
import { HOLDS_NOTHING, type Server, startGateway } from './servers/gateway.ts';
import { describePages } from './setting.ts';
import { table } from './table.ts';
import { unchanged } from './unchanged.ts';
import { startWriters, type Writers } from './writers/writers.ts';

export interface WarmOptions extends Omit<MeasureOptions, 'only'> {
  /** Comments a second that are written beside the reading. */
  rate: number;
}

/** The bytes of kept responses that a gateway has by default. */
export const KEPT = { CACHE_SIZE: '64000000' };

/** Answers that are compared. */
const COMPARED = 50;
/** Requests under way at a time that write. */
const WRITING_CONNECTIONS = 8;

/** Pages of the whole site, not of some articles: those that are seldom read have to be made. */
const allArticles = async (client: pg.Client): Promise<Variables[]> =>
  (await client.query<{ slug: string }>(`SELECT slug FROM article WHERE status = 'PUBLISHED' ORDER BY hashint4(id)`))
    .rows;

const PAGES: readonly Operation[] = [
  { ...article, title: 'Article, 20 comments, 3 replies each', variables: allArticles },
  front,
  { ...thread, title: 'Reading order, up to 100 comments', variables: allArticles },
  author,
];

/**
 * Measures pages of which most are asked for again: with kept responses, with a 304 for clients that have the page, and
 * while comments are written, and prints a table.
 * @throws when a kept response differs from the statement's answer, before or after comments were written
 */
export async function measureWarm(options: WarmOptions): Promise<void> {
  await whileOpen(async (opening) => {
    const { url, client } = await copyDatabase(opening, await opening(openDatabase(console.log)));
    const site: Site = {
      client,
      gateway: await opening(startGateway(url, [], { ...HOLDS_NOTHING, ...KEPT })),
      limit: await opening(startOneStatement(url)),
      constant: await opening(startConstant()),
      load: await opening(startLoad()),
      writers: await opening(startWriters()),
    };
    console.log(`${await describePages(client, options)}
Nine of ten requests are for one of ten pages. Beside: ${options.rate} comments a second on articles of the same popularity.\n`);
    const rows: string[][] = [];
    for (const page of PAGES) rows.push(rowOf(page, await measurePage(site, page, options)));
    console.log(table(HEADER, rows));
  });
}

interface Site {
  client: pg.Client;
  gateway: Server;
  limit: Server;
  constant: ConstantServer;
  load: Load;
  writers: Writers;
}

interface PageMeasured {
  constant: Measured;
  warm: Measured;
  unchanged: Measured;
  /** Measured in turns with `mixed`. */
  alone: Measured;
  mixed: Measured;
  /** Part of the requests that were answered with a kept response, without comments and with them. */
  kept: number;
  keptMixed: number;
}

async function measurePage(site: Site, page: Operation, options: WarmOptions): Promise<PageMeasured> {
  const { client, gateway, constant, load } = site;
  const { name, document } = page;
  const bodies = byPopularity(await page.variables(client)).map((variables) => bodyOf({ name, document, variables }));
  const answers = await comparedAnswers(site, bodies);
  await constant.say(answers.toSorted((a, b) => a.length - b.length)[Math.floor(answers.length / 2)]!);
  const requests = bodies.map((body) => ({ body }));
  // Pages with few comments are much shorter than others.
  const warm = { name: 'warm', server: gateway, requests, leastBytes: leastOf(answers) / 10 } as const;
  const rounds: Rounds = { ...options, load, databaseTime: null, title: name };
  const first = await keptBy(gateway);
  const reading = await measureInTurns<'warm' | 'unchanged' | typeof CONSTANT>(
    [warm, await unchanged(gateway, bodies), { ...warm, name: CONSTANT, server: constant }],
    rounds,
  );
  const second = await keptBy(gateway);
  const mixed: Target<'mixed'> = { ...warm, name: 'mixed', beside: await commenting(site, options.rate) };
  const beside = await measureInTurns<'warm' | 'mixed'>([warm, mixed], { ...rounds, title: `${name}, mixed` });
  const last = await keptBy(gateway);
  await comparedAnswers(site, bodies);
  return {
    constant: reading.get(CONSTANT)!,
    warm: reading.get('warm')!,
    unchanged: reading.get('unchanged')!,
    alone: beside.get('warm')!,
    mixed: beside.get('mixed')!,
    kept: shareOfHits(first, second),
    keptMixed: shareOfHits(second, last),
  };
}

/** The gateway's answers to some requests, each asked for twice: made, then kept. @throws when they are not the statement's */
async function comparedAnswers({ gateway, limit }: Site, all: readonly string[]): Promise<string[]> {
  const bodies = all.slice(0, COMPARED);
  const expected = await answersOf(limit.url, bodies);
  for (let time = 0; time < 2; time++) {
    const answers = await answersOf(gateway.url, bodies);
    compareAnswers({ name: 'gateway', bodies, answers, expected, writes: false });
  }
  return expected;
}

/** Writes so many comments a second on articles, the popular ones above all. @throws when one is not taken */
async function commenting(
  { client, gateway, writers }: Site,
  rate: number,
): Promise<(seconds: number) => Promise<void>> {
  const { name, document } = addComment;
  const articles = await client.query<{ id: number }>(
    `SELECT id FROM article WHERE status = 'PUBLISHED' ORDER BY hashint4(id)`,
  );
  const bodies = byPopularity(articles.rows).map(({ id }) => bodyOf({ name, document, variables: newComment(id) }));
  return async (seconds) => {
    const writing = { bodies, posts: rate * seconds, connections: WRITING_CONNECTIONS, every: 1000 / rate };
    sentAtOf(await writers.post({ url: gateway.url, ...writing }));
  };
}

const HEADER = [
  'page',
  'constant body',
  'warm',
  'share',
  'kept',
  '304',
  'share of 304',
  'p99 ms',
  'p99 with comments',
  'times',
  'kept with comments',
];

function rowOf({ title }: Operation, measured: PageMeasured): string[] {
  const { constant, warm, alone, mixed, kept, keptMixed } = measured;
  const count = ({ perSecond }: Measured): string => Math.round(perSecond).toLocaleString('en');
  const percent = (part: number): string => `${(100 * part).toFixed(0)}%`;
  return [
    title,
    count(constant),
    count(warm),
    percent(warm.perSecond / constant.perSecond),
    percent(kept),
    count(measured.unchanged),
    percent(measured.unchanged.perSecond / constant.perSecond),
    alone.p99.toFixed(1),
    mixed.p99.toFixed(1),
    (mixed.p99 / alone.p99).toFixed(1),
    percent(keptMixed),
  ];
}
