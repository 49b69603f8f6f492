import { Command, Option } from 'commander';
import { ROLES, type Role } from '../schema/content/context.ts';
import { signToken } from './auth/index.ts';
import { type Config, readConfig } from './config.ts';
import { openDatabase, verify } from './database/index.ts';
import { describeFailure } from './failure.ts';
import { importWordPress } from './import/index.ts';
import { createLogger, type Logger } from './logger.ts';
import { start } from './start.ts';

/** Milliseconds in which the gateway stops, whatever does not end: what started it may kill it after ten seconds. */
const STOP_WITHIN = 9_500;

const program = new Command('broadsheet').description('A GraphQL gateway for articles and their discussions.');

program
  .command('serve', { isDefault: true })
  .description('Serve the graph. Everything is set by environment variables; see the README.')
  .action(async () => {
    const config = readConfig(process.env);
    const log = openLog(config);
    const signalled = nextSignal();
    const gateway = await start({ config, log });
    log.info('Serving', { url: gateway.url });
    log.info('Stopping', { signal: await signalled });
    setTimeout(() => {
      log.error('Stopping took too long; connections that were still open are dropped');
      process.exit(1);
    }, STOP_WITHIN).unref();
    await gateway.stop();
  });

program
  .command('migrate')
  .description('Bring the database up to date, and do nothing else. Serving does it too.')
  .action(async () => {
    const config = readConfig(process.env);
    const database = await openDatabase(config, openLog(config));
    await database.close();
  });

program
  .command('import')
  .description('Bring in what an existing blog has written.')
  .command('wordpress')
  .argument('<file>', 'a WordPress export (WXR 1.0 to 1.2), plain or gzipped')
  .description('Import a WordPress export: everything of the file, or nothing of it.')
  .option('--dry-run', 'do everything and keep nothing')
  .option('--pages', 'import pages too, as articles')
  .action(async (file: string, { dryRun = false, pages = false }: { dryRun?: boolean; pages?: boolean }) => {
    const config = readConfig(process.env);
    const database = await openDatabase(config, openLog(config));
    try {
      await importWordPress({ file, url: database.url, dryRun, pages, out: process.stdout });
    } finally {
      await database.close();
    }
  });

program
  .command('token')
  .description('Print a token to sign in with, for trying things out.')
  .requiredOption('--name <name>', 'who signs in; the same name is the same person')
  .addOption(
    new Option('--role <role>', 'what they may do').choices(ROLES.map((role) => role.toLowerCase())).default('reader'),
  )
  .action(async ({ name, role }: { name: string; role: Lowercase<Role> }) => {
    const token = await signToken(readConfig(process.env), { name, role: role.toUpperCase() as Role });
    process.stdout.write(`${token}\n`);
  });

program
  .command('verify')
  .description('Compute everything anew that is kept derived, and say what differs; then the exit code is 1.')
  .option('--repair', 'put right what differs')
  .action(async ({ repair = false }: { repair?: boolean }) => {
    const config = readConfig(process.env);
    const database = await openDatabase(config, openLog(config));
    try {
      const found = await verify({ url: database.url, repair });
      for (const { description, count } of found) process.stdout.write(`${count} ${description}\n`);
      if (found.length === 0) process.stdout.write('Everything is as a fresh computation gives it.\n');
      else if (repair) process.stdout.write('Put right as far as it can be; verify again to see what is left.\n');
      if (found.length > 0 && !repair) process.exitCode = 1;
    } finally {
      await database.close();
    }
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${describeFailure(error, process.env)}\n`);
  process.exit(1);
}

/** Lines for people in a terminal; JSON in production, and where a program reads them. */
function openLog({ logLevel }: Config): Logger {
  return createLogger({ level: logLevel, readable: process.stderr.isTTY && process.env.NODE_ENV !== 'production' });
}

/** The first request to stop. It waits for what was begun; a second one does not. */
function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const heard = (signal: NodeJS.Signals): void => {
      process.off('SIGTERM', heard);
      process.off('SIGINT', heard);
      resolve(signal);
    };
    process.on('SIGTERM', heard);
    process.on('SIGINT', heard);
  });
}
