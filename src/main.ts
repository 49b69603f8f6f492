import { writeSync } from 'node:fs';
import { Command, Option } from 'commander';
import { ROLES, type Role } from '../schema/content/context.ts';
import type { ConvertText } from '../schema/content/text/conversions.ts';
import { checkRenderings, rerender } from '../schema/content/text/rerender.ts';
import { signToken } from './auth/index.ts';
import { type Config, readConfig, secretsOf } from './config.ts';
import { openDatabase, openPool, type Pool, verify } from './database/index.ts';
import { describeFailure } from './failure.ts';
import { importWordPress, type WordPressImportOptions } from './import/index.ts';
import { type ClosableLogger, createLogger } from './logger.ts';
import { createRedaction } from './redaction.ts';
import { openTextConverter } from './rendering/index.ts';
import { start, wakeReaders } from './start.ts';

/** Milliseconds until a gateway that does not stop exits anyway: supervisors commonly kill a process after ten seconds. */
const STOP_WITHIN = 9_500;

const program = new Command('broadsheet').description('A GraphQL gateway for articles and their discussions.');

program
  .command('serve', { isDefault: true })
  .description('Serve the graph. Environment variables configure it; the README lists them.')
  .action(serve);

program
  .command('migrate')
  .description('Apply the pending migrations of the database and exit. `serve` applies them as well.')
  .action(() => withDatabase(async () => {}));

program
  .command('import')
  .description('Import the content of an existing blog.')
  .command('wordpress')
  .argument('<files...>', 'a WordPress export (WXR 1.0 to 1.2), plain or gzipped; or the files of one export')
  .description('Import a WordPress export, in one transaction.')
  .option('--dry-run', 'import, report and roll back')
  .option('--pages', 'import pages too, as articles')
  .option('--site <address>', 'the site that the file is of, if it names none or another')
  .option('--overwrite', 'let the file win over what was changed here since the last import')
  .action(importFile);

program
  .command('token')
  .description('Print a token for trying things out.')
  .requiredOption('--name <name>', 'the member to sign in; the same name is the same member')
  .addOption(
    new Option('--role <role>', "the member's role").choices(ROLES.map((role) => role.toLowerCase())).default('reader'),
  )
  .action(printToken);

program
  .command('verify')
  .description('Compare all derived data with a fresh computation. Exits with 1 and prints the differences, if any.')
  .option('--repair', 'correct the differences')
  .action(verifyDatabase);

program
  .command('rerender')
  .description(
    'Render texts again whose HTML was made by older rules, while gateways run. Continues where it was stopped.',
  )
  .action(rerenderTexts);

const redact = createRedaction(secretsOf(process.env));
// Node would print every property of the error, such as the address that could not be parsed.
process.on('uncaughtException', exitWith);
try {
  await program.parseAsync();
} catch (error) {
  exitWith(error);
}

function exitWith(error: unknown): never {
  writeSync(process.stderr.fd, `${redact(describeFailure(error, process.env))}\n`);
  process.exit(1);
}

async function serve(): Promise<void> {
  const config = readConfig(process.env);
  const log = openLog(config);
  // Before the start: a signal that arrives meanwhile stops the gateway as soon as it is up.
  const signalled = nextSignal();
  const gateway = await start({ config, log });
  log.info('Serving', { url: gateway.url });
  log.info('Stopping', { signal: await signalled });
  setTimeout(() => {
    log.error('Stopping took too long; connections that were still open are dropped');
    log.close();
    process.exit(1);
  }, STOP_WITHIN).unref();
  await gateway.stop();
  log.close();
}

function importFile(file: string[], options: Pick<WordPressImportOptions, 'dryRun' | 'pages' | 'site' | 'overwrite'>) {
  return withDatabase((url, wake) =>
    importWordPress({ file, url, ...options, wakeReaders: wake, out: process.stdout }),
  );
}

async function printToken({ name, role }: { name: string; role: Lowercase<Role> }): Promise<void> {
  const token = await signToken(readConfig(process.env), { name, role: role.toUpperCase() as Role });
  process.stdout.write(`${token}\n`);
}

function verifyDatabase({ repair = false }: { repair?: boolean }): Promise<void> {
  return withDatabase(async (url, wake) => {
    const differences = [
      ...(await verify({ url, repair, wakeReaders: wake })),
      ...(await verifyRenderings(url, repair)),
    ];
    for (const { description, count } of differences) process.stdout.write(`${count} ${description}\n`);
    if (differences.length === 0) process.stdout.write('All derived data is correct.\n');
    else if (repair) process.stdout.write('Repaired what can be repaired. Run verify again to see what is left.\n');
    else process.exitCode = 1;
  });
}

async function verifyRenderings(url: string, repair: boolean): Promise<{ description: string; count: number }[]> {
  const wrong = await withTexts(url, (texts) => checkRenderings(texts, { repair }));
  return wrong.map(({ table, count }) => ({
    description: `rows of ${table} whose HTML or plain text is not that of their source`,
    count,
  }));
}

function rerenderTexts(): Promise<void> {
  const stopped = new AbortController();
  void nextSignal().then(() => stopped.abort());
  return withDatabase(async (url) => {
    const { rendered, failed } = await withTexts(url, (texts) => rerender({ ...texts, signal: stopped.signal }));
    process.stdout.write(`Rendered ${rendered} texts.\n`);
    for (const name of failed) process.stdout.write(`Too complex for the present rules, not changed: ${name}\n`);
    if (stopped.signal.aborted) process.stdout.write('Stopped. Run rerender again for the rest.\n');
    if (failed.length > 0 || stopped.signal.aborted) process.exitCode = 1;
  });
}

/** Opens connections to the database, and threads that convert texts, for the time of some work. */
async function withTexts<Result>(
  url: string,
  work: (texts: { db: Pool; convertText: ConvertText }) => Promise<Result>,
): Promise<Result> {
  const config = readConfig(process.env);
  const pool = openPool({ url, config, log: openLog(config) });
  const texts = openTextConverter();
  try {
    return await work({ db: pool, convertText: texts.convert });
  } finally {
    await texts.close();
    await pool.close();
  }
}

/** Opens and migrates the configured database for the time of some work. */
async function withDatabase(
  work: (url: string, wake: (articleIds: readonly number[]) => Promise<void>) => Promise<unknown>,
): Promise<void> {
  const config = readConfig(process.env);
  const log = openLog(config);
  const database = await openDatabase(config, log);
  try {
    const { url } = database;
    await work(url, (articleIds) =>
      wakeReaders({ url, config, log }, articleIds).catch((err) =>
        log.error('The gateways could not be woken; they notice the change within 2 s', { err }),
      ),
    );
  } finally {
    await database.close();
  }
}

/** Lines for people in a terminal; JSON in production, and where a program reads them. */
function openLog({ logLevel }: Config): ClosableLogger {
  const readable = process.stderr.isTTY && process.env.NODE_ENV !== 'production';
  return createLogger({ level: logLevel, readable, redact });
}

/** The first SIGTERM or SIGINT. A second one ends the process at once, as it does by default. */
function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const receive = (signal: NodeJS.Signals): void => {
      process.off('SIGTERM', receive);
      process.off('SIGINT', receive);
      resolve(signal);
    };
    process.on('SIGTERM', receive);
    process.on('SIGINT', receive);
  });
}
