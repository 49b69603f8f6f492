import { Command } from 'commander';
import pg from 'pg';
import { copyDatabase } from '../backup/index.ts';
import { ConfigError, readDatabaseUrl } from '../config.ts';
import { prepareSchema } from '../database/index.ts';
import { sum } from './backup.ts';
import { type CommandContext, JSON_OPTION, printJson, printLine } from './command-context.ts';
import { withProgress } from './progress.ts';
import { withDatabase } from './with-database.ts';

export function moveCommand(context: CommandContext): Command {
  return new Command('move')
    .argument('<url>', 'the address of an empty database, as for DATABASE_URL; PGPASSWORD may have its password')
    .description('Copy the embedded database to a server, and compare the numbers of rows. Stop the gateways before.')
    .option(...JSON_OPTION)
    .action(async (text: string, { json = false }: { json?: boolean }) => {
      const to = readDatabaseUrl(text);
      if (to === null)
        throw new ConfigError('<url>: must be an address such as postgres://user:password@host:5432/database');
      if (context.readConfig().databaseUrl !== null)
        throw new ConfigError(
          'DATABASE_URL is set, and `move` copies the embedded database: for another one use `backup` and `restore`.',
        );
      await assertReachable(to);
      await withDatabase(context, async ({ url, config, log, interrupted, takeOver }) => {
        if (!(await takeOver()))
          throw new ConfigError('The embedded database is in use: stop the gateways and commands that use it.');
        const rows = await withProgress('Copying', (onProgress) =>
          copyDatabase({ from: url, to, signal: interrupted, onProgress }),
        );
        if (config.migrate) await prepareSchema(to, config, log);
        if (json) printJson({ rows });
        else {
          const width = Math.max(...Object.keys(rows).map(({ length }) => length));
          for (const [table, count] of Object.entries(rows)) printLine(`${table.padEnd(width)}  ${count}`);
          printLine(`Copied and compared ${sum(rows)} rows. Start the gateways with DATABASE_URL set to that address.`);
          printLine(`The embedded database is left as it is in ${config.dataDir}.`);
        }
      });
    });
}

/** Milliseconds to wait for the server. */
const CONNECT_LIMIT = 10_000;

/** @throws ConfigError, without the password */
async function assertReachable(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_LIMIT });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    const { message, code } = (error instanceof AggregateError ? error.errors[0] : error) as NodeJS.ErrnoException;
    throw new ConfigError(`<url>: no connection to that database (${message || code})`);
  } finally {
    await client.end().catch(() => {});
  }
}
