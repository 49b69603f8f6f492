import { Command } from 'commander';
import { rerender } from '../../schema/content/text/rerender.ts';
import { type CommandContext, printLine } from './command-context.ts';
import { type DatabaseWork, withDatabase, withTexts } from './with-database.ts';

export function rerenderCommand(context: CommandContext): Command {
  return new Command('rerender')
    .description(
      'Render texts again whose HTML was made by older rules, while gateways run. Continues where it was stopped.',
    )
    .action(() => withDatabase(context, rerenderTexts, { endsItself: true }));
}

async function rerenderTexts(database: DatabaseWork): Promise<void> {
  const { interrupted } = database;
  const { rendered, failed } = await withTexts(database, (texts) => rerender({ ...texts, signal: interrupted }));
  printLine(`Rendered ${rendered} texts.`);
  for (const name of failed) printLine(`Too complex for the present rules, not changed: ${name}`);
  if (interrupted.aborted) printLine('Stopped. Run rerender again for the rest.');
  if (failed.length > 0 || interrupted.aborted) process.exitCode = 1;
}
