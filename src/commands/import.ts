import { Command } from 'commander';
import { FORMATS, importFiles } from '../import/index.ts';
import type { CommandContext } from './command-context.ts';
import { withDatabase } from './with-database.ts';

type Choices = Pick<Parameters<typeof importFiles>[0], 'dryRun' | 'pages' | 'overwrite' | 'site' | 'map'>;

export function importCommand(context: CommandContext): Command {
  return new Command('import')
    .argument('<format-and-files...>', FORMATS.map(({ name, files }) => `${name}: ${files}`).join('; '))
    .usage('[options] [format] <file...>')
    .description('Import the content of an existing site, in one transaction. Without a format, the files tell it.')
    .option('--dry-run', 'import, report and roll back')
    .option('--pages', 'import pages too, as articles')
    .option('--overwrite', 'let the file win over what was changed here since the last import')
    .option('--site <address>', 'the address of the imported site, where the files do not name it')
    .option('--map <file>', 'a table that names the articles of comments; what matches no article is added to it')
    .action(([first = '', ...others]: string[], choices: Choices) => {
      const isFormat = others.length > 0 && FORMATS.some(({ name }) => name === first);
      const files = isFormat ? { format: first, files: others } : { files: [first, ...others] };
      return withDatabase(context, ({ url, wake }) =>
        importFiles({ ...files, ...choices, url, wakeReaders: wake, out: process.stdout }),
      );
    });
}
