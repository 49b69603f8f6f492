import { Command } from 'commander';
import { FORMATS, importFiles } from '../import/index.ts';
import { lowerPriority } from '../lower-priority.ts';
import { openPictures } from '../media/index.ts';
import type { CommandContext } from './command-context.ts';
import { withDatabase } from './with-database.ts';

type Choices = Pick<Parameters<typeof importFiles>[0], 'dryRun' | 'pages' | 'overwrite' | 'site' | 'map' | 'media'>;

export function importCommand(context: CommandContext): Command {
  return new Command('import')
    .argument('<format-and-files...>', FORMATS.map(({ name, files }) => `${name}: ${files}`).join('; '))
    .usage('[options] [format] <file...>')
    .description(
      'Import the content of an existing site: all new content appears at once, or none. Without a format, the files tell it.',
    )
    .option('--dry-run', 'import, report and roll back')
    .option('--pages', 'import pages too, as articles')
    .option('--overwrite', 'let the file win over what was changed here since the last import')
    .option('--site <address>', 'the address of the imported site, where the files do not name it')
    .option('--map <file>', 'a table that names the articles of comments; what matches no article is added to it')
    .option(
      '--media <place>',
      'a folder or a zip archive of the site, or its address, from which pictures are copied; may be repeated',
      (place: string, places: string[] = []) => [...places, place],
    )
    .option(
      '--report <file>',
      'a file that gets a line of JSON for each record that was skipped or imported with differences',
    )
    .action(([first = '', ...others]: string[], { report, ...choices }: Choices & { report?: string }) => {
      // A gateway on this machine comes first.
      lowerPriority();
      const isFormat = others.length > 0 && FORMATS.some(({ name }) => name === first);
      const files = isFormat ? { format: first, files: others } : { files: [first, ...others] };
      return withDatabase(context, async ({ url, config, wake, interrupted }) => {
        const pictures = openPictures(config);
        try {
          await importFiles({
            ...files,
            ...choices,
            ...(report && { reportFile: report }),
            url,
            pictures,
            wakeReaders: wake,
            signal: interrupted,
            out: process.stdout,
          });
        } finally {
          await pictures?.close();
        }
      });
    });
}
