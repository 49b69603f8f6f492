import { Command } from 'commander';
import { countStale, rerender } from '../../schema/content/text/rerender.ts';
import { type CommandContext, JSON_OPTION, printJson, printLine } from './command-context.ts';
import { withProgress } from './progress.ts';
import { type DatabaseWork, withDatabase } from './with-database.ts';
import { withTexts } from './with-texts.ts';

export function rerenderCommand(context: CommandContext): Command {
  return new Command('rerender')
    .description(
      'Render texts again whose HTML was made by older rules, while gateways run. Continues where it was stopped.',
    )
    .option(...JSON_OPTION)
    .action(({ json = false }: { json?: boolean }) =>
      withDatabase(context, (database) => rerenderTexts(database, json), { endsItself: true }),
    );
}

async function rerenderTexts(database: DatabaseWork, json: boolean): Promise<void> {
  const { interrupted } = database;
  const { rendered, failed } = await withTexts(database, async (texts) => {
    const total = await countStale(texts.db);
    return withProgress('Rendering', (onProgress) =>
      rerender({ ...texts, signal: interrupted, onRendered: (done) => onProgress(done, Math.max(total, done)) }),
    );
  });
  if (json) printJson({ rendered, failed, interrupted: interrupted.aborted });
  else {
    printLine(`Rendered ${rendered} texts.`);
    for (const name of failed) printLine(`Too complex for the present rules, not changed: ${name}`);
    if (interrupted.aborted) printLine('Stopped. Run rerender again for the rest.');
  }
  if (failed.length > 0 || interrupted.aborted) process.exitCode = 1;
}
