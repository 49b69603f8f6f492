import { lstat, readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Contest, LIMIT, targetsOf } from './contest.ts';
import { fillIfNew, folderOf, openEmbedded } from './database.ts';
import { connect } from './database-copy.ts';
import { startLoad } from './load/load.ts';
import { whileOpen } from './opening.ts';
import { PAGES } from './operations/index.ts';
import type { MeasureOptions } from './pages.ts';
import { type Measured, measureInTurns } from './rounds.ts';
import { type Scale, scaleOf } from './seed/scale.ts';
import { startConstant, startOneStatement } from './servers/baselines.ts';
import { startGateway } from './servers/gateway.ts';
import { databaseTimeOf } from './servers/usage.ts';
import { describePages } from './setting.ts';
import { table } from './table.ts';

export interface GrowthOptions extends Omit<MeasureOptions, 'only'> {
  /** Numbers of comments. */
  sizes: readonly number[];
  /** Keep large databases for the next run. */
  keep: boolean;
  /** Verify what derives from other rows in a database that is filled. */
  verify: boolean;
}

/** Bytes of a database that is left for the next run in any case. */
const LEFT_BEHIND = 5e9;

/** Measures pages on sites of several sizes, each in an embedded database of its own, and prints a table. */
export async function measureGrowth(options: GrowthOptions): Promise<void> {
  const rows: Row[] = [];
  for (const comments of options.sizes) {
    // No page searches; verifying takes the documents of the search as well.
    const scale = scaleOf(comments, { isSearchable: options.verify });
    rows.push(...(await measureSite(scale, options)));
    const bytes = await bytesBelow(folderOf(scale));
    console.log(`${comments.toLocaleString('en')} comments: ${(bytes / 1e9).toFixed(1)} GB on the disk, with its log.`);
    if (bytes > LEFT_BEHIND && !options.keep) await removeDatabase(folderOf(scale));
  }
  console.log(`\nSeconds of processor time for 1,000 requests, of the server and of the database:\n\n${tableOf(rows)}`);
}

interface Row {
  title: string;
  comments: number;
  gateway: Measured;
  limit: Measured;
}

async function measureSite(scale: Scale, options: GrowthOptions): Promise<Row[]> {
  const rows: Row[] = [];
  await whileOpen(async (opening) => {
    const database = await openEmbedded(folderOf(scale), console.log);
    const { url } = await opening(fillIfNew(database, { scale, verified: options.verify, log: console.log }));
    const { client } = await opening(connect(url));
    const contest: Contest<'gateway'> = {
      limit: await opening(startOneStatement(url)),
      constant: await opening(startConstant()),
      others: [{ name: 'gateway', server: await opening(startGateway(url)) }],
    };
    const load = await opening(startLoad());
    const databaseTime = await databaseTimeOf(client);
    console.log(await describePages(client, options));
    for (const page of PAGES) {
      const targets = await targetsOf(page, contest, client);
      const title = `${scale.comments}, ${page.name}`;
      const measured = await measureInTurns(targets, { ...options, load, databaseTime, title });
      rows.push({
        title: page.title,
        comments: scale.comments,
        gateway: measured.get('gateway')!,
        limit: measured.get(LIMIT)!,
      });
    }
  });
  return rows;
}

/** Page by page, each with the sites by their size. "times" compares the time of both with the smallest site. */
function tableOf(rows: readonly Row[]): string {
  const time = ({ gateway }: Row): number => gateway.serverTime + gateway.databaseTime;
  return table(
    ['page', 'comments', 'requests/s', 'p50 ms', 'server', 'database', 'times', 'one statement', 'database'],
    PAGES.flatMap(({ title }) => {
      const sites = rows.filter((row) => row.title === title);
      return sites.map((row) => [
        title,
        row.comments.toLocaleString('en'),
        Math.round(row.gateway.perSecond).toLocaleString('en'),
        row.gateway.p50.toFixed(1),
        (row.gateway.serverTime / 1000).toFixed(2),
        (row.gateway.databaseTime / 1000).toFixed(2),
        (time(row) / time(sites[0]!)).toFixed(2),
        Math.round(row.limit.perSecond).toLocaleString('en'),
        (row.limit.databaseTime / 1000).toFixed(2),
      ]);
    }),
  );
}

/** A folder of root's may hold a link to where PostgreSQL can write. */
async function filesOf(folder: string): Promise<string> {
  return realpath(join(folder, 'postgres'));
}

async function bytesBelow(folder: string): Promise<number> {
  const files = await filesOf(folder);
  let bytes = 0;
  for (const entry of await readdir(files, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await lstat(join(entry.parentPath, entry.name))).size;
  return bytes;
}

async function removeDatabase(folder: string): Promise<void> {
  console.log('It is removed; --keep leaves it for the next run.');
  await rm(await filesOf(folder), { recursive: true });
  await rm(folder, { recursive: true });
}
