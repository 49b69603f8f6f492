import { Command } from 'commander';
import { exportArchive } from '../archive/index.ts';
import type { CommandContext } from './command-context.ts';
import { withDatabase } from './with-database.ts';

export function exportCommand(context: CommandContext): Command {
  return new Command('export')
    .argument('<path>', 'a file, zipped if it ends with .gz; or a folder, which gets broadsheet.ndjson')
    .description('Write everything that the database has to a file, from which `import` fills an empty database.')
    .action((path: string) =>
      withDatabase(context, async ({ url }) => {
        const { file, rows } = await exportArchive({ url, path });
        process.stdout.write(`Wrote ${rows} rows to ${file}.\n`);
      }),
    );
}
