import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { projectRoot } from '../../src/root.ts';
import { END, itemOf, startOf } from '../fixtures/wordpress/export.ts';
import { openDatabase } from './database.ts';
import { copyDatabase } from './database-copy.ts';
import { goal } from './goal.ts';
import { type Opening, whileOpen } from './opening.ts';
import { PAGES } from './operations/index.ts';
import { bodiesOf } from './operations/operation.ts';
import { HOLDS_NOTHING, startGateway } from './servers/gateway.ts';
import { memoryOf } from './servers/usage.ts';
import { describeMachine } from './setting.ts';
import { median, table } from './table.ts';
import { startVisitors } from './visitors/visitors.ts';
import { commentOf, guestOf, quietArticles } from './write-requests.ts';
import { startWriters } from './writers/writers.ts';

export interface ImportOptions {
  /** Size of the imported file. */
  megabytes: number;
  /** Length of one measurement beside the import; they follow on each other until it has ended. */
  seconds: number;
  readers: number;
  /** Milliseconds from a reader's page to the next. */
  pause: number;
  /** Comments a second beside it. */
  rate: number;
}

/** Megabytes that the process of the import may have. */
const MOST_RESIDENT = 300;
/** Milliseconds that a comment may wait. */
const LONGEST_WAIT = 1_000;
/** Times that the p99 of readers may be what it is without an import. */
const MOST_RATIO = 2;

const BODY_LENGTH = 25_000;
const COMMENTS_EACH = 20;
const GUESTS = 5_000;
const WARM_UP_SECONDS = 4;
const WRITING_CONNECTIONS = 8;
/** Articles that are commented on in turn. */
const ARTICLES = 50;
const LOOK_EVERY_MS = 200;

/** Imports a large WordPress export beside a gateway with readers and writers, and says what it took and what they noticed. */
export async function measureImport({ megabytes, ...options }: ImportOptions): Promise<void> {
  await whileOpen(async (opening) => {
    const { url, client } = await copyDatabase(opening, await opening(openDatabase(console.log)));
    const measure = await openSite({ url, client }, options, opening);
    const { file, articles } = await writeExport(megabytes, opening);
    console.log(`${await describeMachine(client)}
An export of ${megabytes} MB: ${articles.toLocaleString('en')} articles, ${(articles * COMMENTS_EACH).toLocaleString('en')} comments.
Beside it ${options.readers} readers, ${options.pause} ms between pages, and ${options.rate} comments a second; measured for ${options.seconds} s at a time.\n`);

    await measure(WARM_UP_SECONDS);
    const without = [await measure(options.seconds), await measure(options.seconds)];
    const importing = await opening(startImport(file, url));
    const beside: Noticed[] = [];
    do {
      beside.push(await measure(options.seconds));
      console.error(`${importing.seconds().toFixed(0)} s: ${JSON.stringify(beside.at(-1))}`);
    } while (importing.isRunning());
    console.log(await importing.report());
    report({ without, beside, importing });
  });
}

interface Noticed {
  p50: number;
  p99: number;
  /** Milliseconds that the slowest comment took. */
  longestWrite: number;
}

/** Starts the gateway with its readers and writers. @returns what measures them for some seconds */
async function openSite(
  { url, client }: { url: string; client: pg.Client },
  { readers, pause, rate }: Omit<ImportOptions, 'megabytes'>,
  opening: Opening,
): Promise<(seconds: number) => Promise<Noticed>> {
  const gateway = await opening(startGateway(url, [], HOLDS_NOTHING));
  const [visitors, writers] = [await opening(startVisitors()), await opening(startWriters())];
  const pages: string[] = [];
  for (const page of PAGES) pages.push(...(await bodiesOf(page, client)).slice(0, 40));
  const articles = await quietArticles(client, ARTICLES);
  let measured = 0;
  return async (seconds) => {
    measured += 1;
    const posts = seconds * rate;
    const guest = guestOf(`of the ${measured}th measurement`);
    const comments = articles.map((id) => commentOf(id, { guest, body: `The %nth comment of ${measured}` }).body!);
    const [{ p50, p99, failures }, written] = await Promise.all([
      visitors.visit({ url: gateway.url, bodies: pages, readers, pause, seconds, network: `10.${measured % 250}` }),
      writers.post({
        url: gateway.url,
        bodies: comments,
        posts,
        connections: WRITING_CONNECTIONS,
        every: 1_000 / rate,
      }),
    ]);
    if (Object.keys(failures).length > 0) throw new Error(`Pages failed: ${JSON.stringify(failures)}`);
    const refused = written.find(({ answer }) => !answer.includes('"held":false'));
    if (refused) throw new Error(`A comment was not taken: ${refused.answer}`);
    return { p50, p99, longestWrite: Math.max(...written.map(({ sentAt, answeredAt }) => answeredAt - sentAt)) };
  };
}

/** Writes an export of that size, whose texts differ. */
async function writeExport(megabytes: number, opening: Opening): Promise<{ file: string; articles: number }> {
  const directory = await mkdtemp(join(tmpdir(), 'broadsheet-bench-import-'));
  await opening({ stop: () => rm(directory, { recursive: true }) });
  const file = join(directory, 'export.xml');
  const out = createWriteStream(file);
  out.write(startOf({ url: 'https://imported.example' }));
  let articles = 0;
  while (out.bytesWritten + out.writableLength < megabytes * 1e6) {
    articles += 1;
    if (!out.write(itemOf(articleOf(articles)))) await once(out, 'drain');
  }
  out.end(END);
  await once(out, 'close');
  if ((await stat(file)).size < megabytes * 1e6) throw new Error(`${file} was not written whole.`);
  return { file, articles };
}

function articleOf(id: number): Parameters<typeof itemOf>[0] {
  const paragraph = `Words of the <em>${id}th</em> article that was written <a href="https://example.com/${id}">long ago</a>.\n\n`;
  const comments = Array.from({ length: COMMENTS_EACH }, (_, index) => {
    const number = id * COMMENTS_EACH + index;
    const email = `${number % GUESTS}@guest.example`;
    return {
      id: number,
      parent: index % 4 === 0 ? 0 : number - 1,
      email,
      text: `What the ${number}th reader wrote. `.repeat(8),
    };
  });
  return { id, slug: `imported-${id}`, body: paragraph.repeat(BODY_LENGTH / paragraph.length), comments };
}

interface Importing {
  isRunning(): boolean;
  /** Seconds since it began, or that it took. */
  seconds(): number;
  /** Most bytes of memory so far. */
  peak(): number;
  /** @returns the output of the command. @throws when it failed */
  report(): Promise<string>;
  stop(): Promise<void>;
}

/** Imports as an operator does, on whatever processor is free. */
function startImport(file: string, url: string): Importing {
  const begun = performance.now();
  const child: ChildProcess = spawn(
    process.execPath,
    [join(projectRoot, 'dist', 'main.js'), 'import', 'wordpress', file],
    {
      env: { ...process.env, DATABASE_URL: url, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let [peak, took] = [0, 0];
  const output = text(child.stdout!);
  const ended = once(child, 'exit').then(() => {
    took = performance.now() - begun;
  });
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const watching = (async () => {
    for (; isRunning(); await delay(LOOK_EVERY_MS)) peak = (await memoryOf(child.pid!).catch(() => null))?.peak || peak;
  })();
  return {
    isRunning,
    seconds: () => (isRunning() ? performance.now() - begun : took) / 1_000,
    peak: () => peak,
    async report() {
      await ended;
      if (child.exitCode !== 0) throw new Error(`The import ended with code ${child.exitCode ?? child.signalCode}.`);
      return output;
    },
    async stop() {
      child.kill('SIGKILL');
      await Promise.all([ended, watching]);
    },
  };
}

interface Result {
  without: readonly Noticed[];
  beside: readonly Noticed[];
  importing: Importing;
}

function report({ without, beside, importing }: Result): void {
  const row = (name: string, values: readonly Noticed[]): string[] => [
    name,
    median(values.map(({ p50 }) => p50)).toFixed(1),
    median(values.map(({ p99 }) => p99)).toFixed(1),
    Math.max(...values.map(({ p99 }) => p99)).toFixed(1),
    Math.max(...values.map(({ longestWrite }) => longestWrite)).toFixed(0),
  ];
  const header = ['', 'p50 ms', 'p99 ms', 'highest p99 ms', 'longest write ms'];
  console.log(`${table(header, [row('without', without), row('beside the import', beside)])}\n`);
  const megabytes = importing.peak() / 1e6;
  const ratio = median(beside.map(({ p99 }) => p99)) / median(without.map(({ p99 }) => p99));
  const longest = Math.max(...beside.map(({ longestWrite }) => longestWrite));
  console.log(`It took ${importing.seconds().toFixed(0)} s.`);
  console.log(goal(megabytes < MOST_RESIDENT, `${megabytes.toFixed(0)} MB of RSS at most; less than ${MOST_RESIDENT}`));
  console.log(
    goal(longest < LONGEST_WAIT, `a comment took ${longest.toFixed(0)} ms at most; less than ${LONGEST_WAIT}`),
  );
  console.log(
    goal(ratio <= MOST_RATIO, `the p99 of readers is ${ratio.toFixed(1)} times that without; at most ${MOST_RATIO}`),
  );
}
