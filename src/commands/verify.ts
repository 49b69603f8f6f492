import { Command } from 'commander';
import { checkRenderings } from '../../schema/content/text/rerender.ts';
import { verify } from '../database/index.ts';
import { type CommandContext, printLine } from './command-context.ts';
import { type DatabaseWork, withDatabase, withTexts } from './with-database.ts';

export function verifyCommand(context: CommandContext): Command {
  return new Command('verify')
    .description('Compare all derived data with a fresh computation. Exits with 1 and prints the differences, if any.')
    .option('--repair', 'correct the differences')
    .action(({ repair = false }: { repair?: boolean }) =>
      withDatabase(context, (database) => verifyDatabase(database, repair)),
    );
}

async function verifyDatabase(database: DatabaseWork, repair: boolean): Promise<void> {
  const { url, wake } = database;
  const differences = [
    ...(await verify({ url, repair, wakeReaders: wake })),
    ...(await verifyRenderings(database, repair)),
  ];
  for (const { description, count } of differences) printLine(`${count} ${description}`);
  if (differences.length === 0) printLine('All derived data is correct.');
  else if (repair) printLine('Repaired what can be repaired. Run verify again to see what is left.');
  else process.exitCode = 1;
}

async function verifyRenderings(
  database: DatabaseWork,
  repair: boolean,
): Promise<{ description: string; count: number }[]> {
  const wrong = await withTexts(database, (texts) => checkRenderings(texts, { repair }));
  return wrong.map(({ table, count }) => ({
    description: `rows of ${table} whose HTML or plain text is not that of their source`,
    count,
  }));
}
