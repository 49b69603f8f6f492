import { Command } from 'commander';
import { HOLD_LIMITS, readHoldSettings, writeHoldSettings } from '../../schema/content/administration/hold-settings.ts';
import { ConfigError } from '../config.ts';
import { type CommandContext, JSON_OPTION, printJson, printLine } from './command-context.ts';
import { withDatabase } from './with-database.ts';
import { withTexts } from './with-texts.ts';

export function holdCommand(context: CommandContext): Command {
  return new Command('hold')
    .argument('[settings...]', `such as links=5; of ${Object.keys(HOLD_LIMITS).join(', ')}`)
    .description(
      'Print the limits at which a comment is held, after setting some. `name=` gives back the configured value.',
    )
    .option(...JSON_OPTION)
    .action((given: string[], { json = false }: { json?: boolean }) => {
      const changes = Object.fromEntries(given.map(readChange));
      return withDatabase(context, async (database) => {
        const { configuredHold } = database.config.settings;
        const settings = await withTexts(database, ({ db }) =>
          given.length > 0 ? writeHoldSettings(db, configuredHold, changes) : readHoldSettings(db, configuredHold),
        );
        if (json) printJson(settings);
        else for (const [name, value] of Object.entries(settings)) printLine(`${name.padEnd(14)}  ${value}`);
      });
    });
}

const SWITCH = new Map([
  ['on', true],
  ['off', false],
  ['true', true],
  ['false', false],
]);

/** @throws ConfigError */
function readChange(text: string): [string, number | boolean | null] {
  const [, name = '', value = ''] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  if (!Object.hasOwn(HOLD_LIMITS, name))
    throw new ConfigError(`${text}: must be name=value, with one of the names that hold has`);
  if (value === '') return [name, null];
  const isSwitch = HOLD_LIMITS[name as keyof typeof HOLD_LIMITS] === null;
  const read = isSwitch ? SWITCH.get(value.toLowerCase()) : /^\d{1,10}$/.test(value) ? Number(value) : undefined;
  if (read === undefined) throw new ConfigError(`${text}: must be ${isSwitch ? 'on or off' : 'a whole number'}`);
  return [name, read];
}
