import { Command } from 'commander';
import { verifyAll } from '../maintenance/index.ts';
import { type CommandContext, JSON_OPTION, printJson, printLine } from './command-context.ts';
import { type DatabaseWork, withDatabase } from './with-database.ts';
import { withTexts } from './with-texts.ts';

interface Choices {
  repair?: boolean;
  json?: boolean;
}

export function verifyCommand(context: CommandContext): Command {
  return new Command('verify')
    .description('Compare all derived data with a fresh computation. Exits with 1 and prints the differences, if any.')
    .option('--repair', 'correct the differences')
    .option(...JSON_OPTION)
    .action((choices: Choices) => withDatabase(context, (database) => verifyDatabase(database, choices)));
}

async function verifyDatabase(database: DatabaseWork, { repair = false, json = false }: Choices): Promise<void> {
  const { url, wake, interrupted } = database;
  const findings = await withTexts(database, (texts) =>
    verifyAll({ ...texts, url, wakeReaders: wake, signal: interrupted }, repair),
  );
  const isRepaired = repair && findings.length > 0;
  if (json) printJson({ repaired: isRepaired, differences: findings });
  else {
    for (const { description, count } of findings) printLine(`${count} ${description}`);
    if (findings.length === 0) printLine('All derived data is correct.');
    else if (repair) printLine('Repaired what can be repaired. Run verify again to see what is left.');
  }
  if (findings.length > 0 && !repair) process.exitCode = 1;
}
