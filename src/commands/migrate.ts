import { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import { withDatabase } from './with-database.ts';

export function migrateCommand(context: CommandContext): Command {
  return new Command('migrate')
    .description(
      'Apply the pending migrations of the database and exit. `serve` applies them as well, unless MIGRATE=off.',
    )
    .action(() => withDatabase(context, async () => {}, { migrates: 'always' }));
}
