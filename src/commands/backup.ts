import { Command } from 'commander';
import { writeBackup } from '../backup/index.ts';
import { type CopiedPictures, copyPictures } from '../media/index.ts';
import { type CommandContext, JSON_OPTION, printJson, printLine } from './command-context.ts';
import { withProgress } from './progress.ts';
import { type DatabaseWork, withDatabase } from './with-database.ts';
import { printMissing, withPictures } from './with-pictures.ts';

export function backupCommand(context: CommandContext): Command {
  return new Command('backup')
    .argument('<file>', 'the file, which is gzipped; it appears when it is complete')
    .description('Write everything that the database has to a file, for `restore`. Gateways may run meanwhile.')
    .option('--media <folder>', 'copy pictures into this folder, too, but for those that it has')
    .option(...JSON_OPTION)
    .action((file: string, { json = false, media }: { json?: boolean; media?: string }) =>
      withDatabase(
        context,
        async (database) => {
          const { url, interrupted } = database;
          const { bytes, rows } = await withProgress('Backing up', (onProgress) =>
            writeBackup({ url, file, signal: interrupted, onProgress }),
          );
          const pictures = media === undefined ? null : await copy(database, media);
          if (json) return printJson({ file, bytes, rows, ...(pictures && { pictures }) });
          printLine(`Wrote ${sum(rows)} rows to ${file} (${bytes} bytes).`);
          if (pictures) {
            printLine(`${pictures.copied} pictures are in ${media}.`);
            printMissing(pictures);
          } else if ((rows.picture ?? 0) > 0)
            printLine(`The files of ${rows.picture} pictures are not in it: copy MEDIA, too, or give --media FOLDER.`);
        },
        { migrates: 'never' },
      ),
    );
}

/** After the rows, so all of them that are in the backup and not removed meanwhile have their files. */
function copy(database: DatabaseWork, folder: string): Promise<CopiedPictures> {
  const { interrupted: signal } = database;
  return withPictures(database, (client, pictures) => copyPictures(client, { pictures, folder, signal }));
}

export function sum(rows: Readonly<Record<string, number>>): number {
  return Object.values(rows).reduce((total, count) => total + count, 0);
}
