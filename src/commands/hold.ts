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

const SWITCH: Record<string, boolean> = { on: true, off: false, true: true, false: false };

/** @throws ConfigError */
function readChange(text: string): [string, number | boolean | null] {
  const [, name = '', value = ''] = /^(\w+)=(\w*)$/.exec(text) ?? [];
  if (!(name in HOLD_LIMITS)) throw new ConfigError(`${text}: must be name=value, with one of the names that hold has`);
  if (value === '') return [name, null];
  const isSwitch = HOLD_LIMITS[name as keyof typeof HOLD_LIMITS] === null;
  const read = isSwitch ? SWITCH[value.toLowerCase()] : Number(value);
  if (read === undefined || Number.isNaN(read))
    throw new ConfigError(`${text}: must be ${isSwitch ? 'on or off' : 'a whole number'}`);
  return [name, read];
}
