import { Command } from 'commander';
import { importWordPress } from '../import/index.ts';
import type { CommandContext } from './command-context.ts';
import { withDatabase } from './with-database.ts';

export function importCommand(context: CommandContext): Command {
  const command = new Command('import').description('Import the content of an existing blog.');
  command
    .command('wordpress')
    .argument('<file>', 'a WordPress export (WXR 1.0 to 1.2), plain or gzipped')
    .description('Import a WordPress export, in one transaction.')
    .option('--dry-run', 'import, report and roll back')
    .option('--pages', 'import pages too, as articles')
    .action((file: string, { dryRun = false, pages = false }: { dryRun?: boolean; pages?: boolean }) =>
      withDatabase(context, ({ url, wake }) =>
        importWordPress({ file, url, dryRun, pages, wakeReaders: wake, out: process.stdout }),
      ),
    );
  return command;
}
