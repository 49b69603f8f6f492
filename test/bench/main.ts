import { Command, InvalidArgumentError, Option } from 'commander';
import { type GrowthOptions, measureGrowth } from './growth.ts';
import { type HostileOptions, measureHostile } from './hostile.ts';
import { type IdleOptions, measureIdle } from './idle.ts';
import { type ImportOptions, measureImport } from './import.ts';
import { type LiveOptions, measureLive } from './live.ts';
import { type MemoryOptions, measureMemory } from './memory.ts';
import { measureOverhead } from './overhead.ts';
import { type MeasureOptions, measurePages } from './pages.ts';
import { measurePeers } from './peers.ts';
import { measureReturn, type ReturnOptions } from './return.ts';
import { measureSearch, type SearchOptions } from './search.ts';
import { measureSlow, type SlowOptions } from './slow.ts';
import { measureWarm } from './warm.ts';
import { measureWrites, type WriteOptions } from './write.ts';

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number above 0.');
  return value;
}

function list(text: string): number[] {
  return text.split(',').map(positive);
}

interface MeasureFlags extends Omit<MeasureOptions, 'only'> {
  only?: string;
  quick?: true;
}

const profile = new Option('--profile <folder>', "leave a profile of the gateway's processor time there");

const program = new Command('bench').description('Measures Broadsheet against the least that any server could do.');

/** A command that measures operations in rounds. */
function measuring(name: string, description: string): Command {
  return program
    .command(name, { isDefault: name === 'pages' })
    .description(description)
    .option('--seconds <n>', 'length of each measurement', positive, 4)
    .option('--rounds <n>', 'measurements of each server; medians are shown', positive, 5)
    .option('--connections <n>', 'requests under way at a time', positive, 32)
    .option('--quick', 'one round of one second: whether it runs, not how fast');
}

function measureOptions({ seconds, rounds, connections, only, quick }: MeasureFlags): MeasureOptions {
  return { seconds: quick ? 1 : seconds, rounds: quick ? 1 : rounds, connections, only: only?.split(',') ?? [] };
}

const only = new Option('--only <names>', 'operations to measure, separated by commas');

measuring('pages', 'Requests a second and latency of what a site asks for, each response made anew')
  .addOption(only)
  .option('--no-gateway', 'measure the baselines alone')
  .action(({ gateway, ...flags }: MeasureFlags & { gateway: boolean }) =>
    measurePages({ ...measureOptions(flags), gateway }),
  );

measuring('peers', 'The same beside PostGraphile and Mercurius')
  .addOption(only)
  .action((flags: MeasureFlags) => measurePeers(measureOptions(flags)));

measuring('overhead', 'What log, metrics and traces cost a page, beside a gateway without them')
  .addOption(only)
  .action((flags: MeasureFlags) => measureOverhead(measureOptions(flags)));

measuring('warm', 'Pages of which most are asked for again, from kept responses, alone and while comments are written')
  .option('--rate <n>', 'comments a second beside the reading', positive, 20)
  .action(({ rate, ...flags }: MeasureFlags & { rate: number }) => measureWarm({ ...measureOptions(flags), rate }));

measuring('write', 'Comments by writers of one article and of many, edits, reactions and decisions')
  .option('--writers <n>', 'writers of one article, and of as many', positive, 64)
  .option('--history <n>', 'comments that one writer has written before', positive, 20_000)
  .option('--posts <n>', 'comments of that writer and of a new one in each round', positive, 200)
  .action(({ writers, history, posts, ...flags }: MeasureFlags & Pick<WriteOptions, 'writers' | 'history' | 'posts'>) =>
    measureWrites({ ...measureOptions(flags), writers, history, posts }),
  );

measuring('growth', 'What pages cost on sites of several sizes')
  .option('--sizes <list>', 'numbers of comments, separated by commas', list, [10_000, 300_000, 3_000_000])
  .option('--keep', 'keep a database of more than 5 GB for the next run', false)
  .option(
    '--no-verify',
    'fill the databases without the documents of the search, and do not verify them: both take most of the time',
  )
  .action(({ sizes, keep, verify, ...flags }: MeasureFlags & Pick<GrowthOptions, 'sizes' | 'keep' | 'verify'>) =>
    measureGrowth({ ...measureOptions(flags), sizes, keep, verify }),
  );

program
  .command('memory')
  .description('Memory of a gateway that fills its 64 MB for kept responses')
  .option('--seconds <n>', 'length of the load', positive, 60)
  .option('--connections <n>', 'requests under way at a time', positive, 32)
  .action((options: MemoryOptions) => measureMemory(options));

program
  .command('live')
  .description('Comments on their way to all readers of an article')
  .option('--readers <n>', 'readers of the article', positive, 1_000)
  .option('--comments <n>', 'comments of a burst', positive, 100)
  .option('--connections <n>', 'requests under way at a time that write it', positive, 8)
  .option('--rounds <n>', 'measurements of each server; medians are shown', positive, 5)
  .option('--seconds <n>', 'length of a steady stream', positive, 5)
  .option('--rate <n>', 'comments a second in it', positive, 10)
  .addOption(profile)
  .action((options: LiveOptions) => measureLive(options));

program
  .command('slow')
  .description('Readers that stop reading: what they cost, and whether they come to have everything')
  .option('--readers <n>', 'readers of the article', positive, 1_000)
  .option('--paused <n>', 'of those, readers that stop', positive, 100)
  .option('--comments <n>', 'comments meanwhile', positive, 5_000)
  .option('--bytes <n>', 'size of an event', positive, 4_000)
  .option('--connections <n>', 'requests under way at a time that write', positive, 8)
  .addOption(profile)
  .action((options: SlowOptions) => measureSlow(options));

program
  .command('idle')
  .description('What readers cost who have subscribed and hear nothing')
  .option('--readers <n>', 'subscribed sockets', positive, 5_000)
  .option('--articles <n>', 'articles that they are spread over', positive, 100)
  .option('--rest <seconds>', 'rest before memory is looked at', positive, 20)
  .action((options: IdleOptions) => measureIdle(options));

program
  .command('return')
  .description('All readers come back at once, each with its cursor')
  .option('--readers <n>', 'readers of the article', positive, 1_000)
  .option('--missed <n>', 'comments that they have missed', positive, 200)
  .option('--connections <n>', 'requests under way at a time that write them', positive, 8)
  .option('--rounds <n>', 'returns to each server; medians are shown', positive, 5)
  .addOption(profile)
  .action((options: ReturnOptions) => measureReturn(options));

program
  .command('import')
  .description('A large WordPress export beside readers and writers: its memory, and what they notice')
  .option('--megabytes <n>', 'size of the export', positive, 1_000)
  .option('--seconds <n>', 'length of one measurement beside it', positive, 15)
  .option('--readers <n>', 'readers', positive, 10)
  .option('--pause <ms>', "milliseconds from a reader's page to the next", positive, 50)
  .option('--rate <n>', 'comments a second', positive, 5)
  .action((options: ImportOptions) => measureImport(options));

program
  .command('search')
  .description('Searches of articles, authors, topics and comments, beside one of articles alone')
  .option('--rounds <n>', 'measurements of each query; medians are shown', positive, 9)
  .action((options: SearchOptions) => measureSearch(options));

program
  .command('hostile')
  .description('What readers notice of attacks: expensive queries, clients that do not read, floods')
  .option('--seconds <n>', 'length of each attack', positive, 8)
  .option('--readers <n>', 'readers beside it', positive, 10)
  .option('--pause <ms>', "milliseconds from a reader's page to the next", positive, 50)
  .option('--only <names>', 'attacks to make, separated by commas')
  .addOption(profile)
  .action(({ only, ...options }: Omit<HostileOptions, 'only'> & { only?: string }) =>
    measureHostile({ ...options, only: only?.split(',') ?? [] }),
  );

await program.parseAsync();
