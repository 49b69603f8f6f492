import { Command } from 'commander';
import { writeWhole } from '../export/index.ts';
import { exportPerson, type RemovalReport, removePerson } from '../person/index.ts';
import { type CommandContext, JSON_OPTION, printJson, printLine } from './command-context.ts';
import { withDatabase } from './with-database.ts';

const PERSON = ['<person>', 'an e-mail address, slug or id, or issuer and subject of their tokens'] as const;

interface RemovalChoices {
  articles?: string;
  dryRun?: boolean;
  json?: boolean;
}

export function personCommand(context: CommandContext): Command {
  const exporting = new Command('export')
    .argument(...PERSON)
    .argument('[file]', 'where to write; standard output without it')
    .description('Write everything that the database has of one person, as JSON.')
    .action((person: string, file?: string) =>
      withDatabase(context, async ({ url, interrupted }) => {
        const data = await exportPerson({ url, person });
        if (file === undefined) return printJson(data);
        await writeWhole(file, [`${JSON.stringify(data, null, 2)}\n`], interrupted);
        printLine(`Wrote ${data.comments.length} comments and ${data.accounts.length} accounts to ${file}.`);
      }),
    );
  const removing = new Command('remove')
    .argument(...PERSON)
    .description('Remove everything that the database has of one person. Threads keep their shape.')
    .option('--articles <whose>', 'what becomes of their articles: the slug of another author, or keep for no name')
    .option('--dry-run', 'remove, report and roll back')
    .option(...JSON_OPTION)
    .action((person: string, { json, ...choices }: RemovalChoices) =>
      withDatabase(context, async ({ url, wake }) => {
        const report = await removePerson({ url, person, ...choices, wakeReaders: wake });
        if (json) printJson(report);
        else printLine(formatReport(report));
      }),
    );
  return new Command('person')
    .description('Personal data: what is known of one person, and its removal.')
    .addCommand(exporting)
    .addCommand(removing);
}

function formatReport({ dryRun, authors, removed }: RemovalReport): string {
  const lines = Object.entries(removed).map(([name, count]) => `${String(count).padStart(8)}  ${name}`);
  return [
    `${dryRun ? 'Dry run, nothing was changed: ' : ''}Removed ${authors.join(', ')}:`,
    ...lines,
    'Not reached: backups, log files, counters in Redis, which end by themselves within a day, and files of pictures, which are',
    'deleted when nothing has shown them for as long as UNUSED_MEDIA_KEPT says.',
  ].join('\n');
}
