import { Command } from 'commander';
import { ConfigError, readConfig } from './config.ts';
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

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
  } else {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
  }
  process.exit(1);
}
