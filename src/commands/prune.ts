import { Command } from 'commander';
import type { Queryable } from '../../schema/content/context.ts';
import type { Pool } from '../database/index.ts';
import { pruneNow } from '../jobs/index.ts';
import { openPictures, prunePicturesNow } from '../media/index.ts';
import { type CommandContext, JSON_OPTION, printJson, printLine } from './command-context.ts';
import { type DatabaseWork, withDatabase } from './with-database.ts';
import { withTexts } from './with-texts.ts';

export function pruneCommand(context: CommandContext): Command {
  return new Command('prune')
    .description(
      'Delete now what gateways delete by and by: events, keys and notices that are too old, what GUEST_EMAILS_KEPT, REMOVED_TEXTS_KEPT, VERSIONS_KEPT and REPORTS_KEPT limit, and pictures that nothing shows.',
    )
    .option(...JSON_OPTION)
    .action(({ json = false }: { json?: boolean }) =>
      withDatabase(context, async (database) => {
        const pruned = await withTexts(database, ({ db }) => prune(db, database));
        if (json) printJson({ pruned });
        else for (const { description, count } of pruned) printLine(`${count} ${description}`);
      }),
    );
}

async function prune(db: Pool, { config, interrupted: signal }: DatabaseWork) {
  const change = <Result>(work: (tx: Queryable) => Promise<Result>) => db.transaction(work);
  const rows = await pruneNow({ change, config, signal });
  const pictures = openPictures(config);
  if (pictures === null) return rows;
  try {
    return [...rows, ...(await prunePicturesNow({ db, change, pictures, kept: config.unusedMediaKept, signal }))];
  } finally {
    await pictures.close();
  }
}
