import { access } from 'node:fs/promises';
import { Command } from 'commander';
import { checkBackup, restoreBackup } from '../backup/index.ts';
import type { Config } from '../config.ts';
import { prepareSchema } from '../database/index.ts';
import { type CopiedPictures, openStore, restorePictures } from '../media/index.ts';
import { sum } from './backup.ts';
import { type CommandContext, JSON_OPTION, printJson, printLine } from './command-context.ts';
import { withProgress } from './progress.ts';
import { type DatabaseWork, withDatabase } from './with-database.ts';
import { printMissing, withPictures } from './with-pictures.ts';

interface Choices {
  media?: string;
  overwrite?: boolean;
  json?: boolean;
}

export function restoreCommand(context: CommandContext): Command {
  return new Command('restore')
    .argument('<file>', 'a file that `backup` has written')
    .description('Fill the database with a backup, in one transaction. Stop the gateways before.')
    .option('--overwrite', 'replace all that the database has')
    .option('--media <folder>', 'take the files of pictures from this folder')
    .option(...JSON_OPTION)
    .action(async (file: string, { overwrite = false, json = false, media }: Choices) => {
      // Before an embedded database is created. Ctrl-C ends the process: nothing is open yet.
      const { header } = await withProgress('Checking', (onProgress) => checkBackup(file, { onProgress }));
      await withDatabase(
        context,
        async (database) => {
          const { url, config, log, interrupted } = database;
          if (media !== undefined) await requirePlaces(media, config);
          const rows = await withProgress('Restoring', (onProgress) =>
            restoreBackup({ url, file, overwrite, signal: interrupted, onProgress }),
          );
          if (config.migrate) await prepareSchema(url, config, log);
          const pictures = media === undefined ? null : await take(database, media);
          if (json) return printJson({ file, created: header.created, rows, ...(pictures && { pictures }) });
          printLine(`Restored ${sum(rows)} rows of the backup of ${header.created}.`);
          if (pictures === null) return;
          printLine(`${pictures.copied} pictures have their files.`);
          printMissing(pictures);
        },
        { migrates: 'never' },
      );
    });
}

function take(database: DatabaseWork, folder: string): Promise<CopiedPictures> {
  const { interrupted: signal } = database;
  return withPictures(database, (client, pictures) => restorePictures(client, { pictures: pictures!, folder, signal }));
}

/** @throws Error before anything is restored if pictures could not be */
async function requirePlaces(folder: string, config: Config): Promise<void> {
  if (openStore(config) === null)
    throw new Error('Pictures are not kept: name a folder or a bucket for them with the variable MEDIA.');
  await access(folder);
}
