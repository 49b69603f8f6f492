import { Command } from 'commander';
import { ConfigError, readConfig } from './config.ts';
import { openDatabase } from './database/open.ts';
import { ImportError, importWordPress } from './import/index.ts';
import { createLog } from './log.ts';
import { start } from './start.ts';

const program = new Command('broadsheet').description('A GraphQL gateway for articles and their discussions.');

program
  .command('serve', { isDefault: true })
  .description('Serve the graph. Everything is set by environment variables; see the README.')
  .action(async () => {
    const config = readConfig(process.env);
    const log = createLog(config.logLevel);
    const gateway = await start({ config, log });
    log.info(`Serving ${gateway.url}`);
    const stop = (signal: NodeJS.Signals): void => {
      log.info(`Stopping on ${signal}`);
      gateway.stop().then(
        () => process.exit(0),
        (error) => {
          log.error('Stopping failed', error);
          process.exit(1);
        },
      );
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  });

program
  .command('migrate')
  .description('Bring the database up to date, and do nothing else. Serving does it too.')
  .action(async () => {
    const config = readConfig(process.env);
    const database = await openDatabase(config, createLog(config.logLevel));
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
    const database = await openDatabase(config, createLog(config.logLevel));
    try {
      await importWordPress({ file, url: database.url, dryRun, pages, out: process.stdout });
    } finally {
      await database.close();
    }
  });

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof ConfigError || error instanceof ImportError) {
    process.stderr.write(`${error.message}\n`);
  } else {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
  }
  process.exit(1);
}
