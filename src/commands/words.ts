import { Command } from 'commander';
import {
  addForbiddenWords,
  listForbiddenWords,
  removeForbiddenWords,
} from '../../schema/content/administration/forbidden-word-changes.ts';
import { readHoldSettings } from '../../schema/content/administration/hold-settings.ts';
import { testText } from '../../schema/content/administration/test-text.ts';
import { type CommandContext, JSON_OPTION, printJson, printLine } from './command-context.ts';
import { type DatabaseWork, withDatabase } from './with-database.ts';
import { withTexts } from './with-texts.ts';

interface Choices {
  json?: boolean;
}

export function wordsCommand(context: CommandContext): Command {
  const words = new Command('words').description('Words that hold a comment for a moderator.');
  const command = (name: string, description: string) =>
    words
      .command(name)
      .description(description)
      .option(...JSON_OPTION);

  command('list', 'Print all.').action((choices: Choices) => onWords(context, choices, (db) => listForbiddenWords(db)));
  command('add <words...>', 'Forbid words, from the next comment on, and print all.').action(
    (given: string[], choices: Choices) => onWords(context, choices, (db) => addForbiddenWords(db, given)),
  );
  command('remove <words...>', 'Allow words again, and print all.').action((given: string[], choices: Choices) =>
    onWords(context, choices, (db) => removeForbiddenWords(db, given)),
  );
  command('test <text...>', 'Say why a comment with this text would be held. Exits with 1 if it would be.').action(
    (given: string[], { json = false }: Choices) =>
      withDatabase(context, (database) => testWords(database, given.join(' '), json)),
  );
  return words;
}

type ListWords = (db: Parameters<typeof listForbiddenWords>[0]) => Promise<string[]>;

function onWords(context: CommandContext, { json = false }: Choices, list: ListWords): Promise<void> {
  return withDatabase(context, async (database) => {
    const words = await withTexts(database, ({ db }) => list(db));
    if (json) printJson(words);
    else for (const word of words) printLine(word);
  });
}

async function testWords(database: DatabaseWork, text: string, json: boolean): Promise<void> {
  const { settings } = database.config;
  const test = await withTexts(database, async ({ db, convertText }) => {
    const hold = await readHoldSettings(db, settings.configuredHold);
    return testText({ db, convertText, settings: { ...settings, hold } }, text);
  });
  if (json) printJson(test);
  else for (const reason of test.reasons) printLine(reason);
  if (test.reasons.length > 0) process.exitCode = 1;
}
