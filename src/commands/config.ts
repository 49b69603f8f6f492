import { Command } from 'commander';
import * as v from 'valibot';
import { ConfigError, VARIABLES } from '../config.ts';
import { OFF_WITHOUT_LIMITS } from '../config-discussions.ts';
import { splitList, type Variable } from '../config-values.ts';
import type { Environment } from '../environment.ts';
import { hidePassword } from '../server-address.ts';
import { type CommandContext, JSON_OPTION, printJson, printLine } from './command-context.ts';

/** What holds for one variable. */
interface Setting {
  /** As it may be shown; null when the variable is not set and has no default. */
  value: string | null;
  source: string;
}

const HIDDEN = '***';

/** Not one of Broadsheet's: libraries read it, too. */
const NODE_ENV: Variable = { name: 'NODE_ENV', default: null, schema: v.string() };

export function configCommand(context: CommandContext): Command {
  return new Command('config')
    .description('Print what holds for each variable, and where it comes from. Exits with 1 if a value is not allowed.')
    .option(...JSON_OPTION)
    .action(({ json = false }: { json?: boolean }) => {
      const settings = settingsOf(context.environment);
      if (json) printJson(settings);
      else for (const line of table(settings)) printLine(line);
      for (const { name, didYouMean } of context.environment.misspelled)
        process.stderr.write(`${name}: is no variable of Broadsheet; did you mean ${didYouMean}?\n`);
      try {
        context.readConfig();
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        process.stderr.write(`${error.message}\n`);
        process.exitCode = 1;
      }
    });
}

function settingsOf({ values, files }: Environment): Record<string, Setting> {
  const isUnlimited = values.RATE_LIMITS?.toLowerCase() === 'off';
  const settings = [...VARIABLES, NODE_ENV].map((variable): [string, Setting] => {
    const { name } = variable;
    if (isUnlimited && OFF_WITHOUT_LIMITS.includes(name)) return [name, { value: '0', source: 'RATE_LIMITS=off' }];
    const text = values[name];
    if (!text) return [name, { value: variable.default, source: 'default' }];
    return [name, { value: shown(variable, text), source: files.get(name) ?? 'environment' }];
  });
  return Object.fromEntries(settings);
}

/** A value that is not allowed may be a secret that was given to the wrong variable. */
function shown({ secret, schema }: Variable, text: string): string {
  if (!v.is(schema, text)) return '(not allowed)';
  if (secret === 'value') return HIDDEN;
  if (secret === 'addresses') return splitList(text).map(withoutPassword).join(', ');
  return secret === 'address' ? withoutPassword(text) : text;
}

function table(settings: Record<string, Setting>): string[] {
  const rows = Object.entries(settings).map(([name, { value, source }]) => [name, value ?? '', source] as const);
  const [names, values] = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map(([name, value, source]) => `${name.padEnd(names!)}  ${value.padEnd(values!)}  ${source}`);
}

function withoutPassword(address: string): string {
  return hidePassword(address, HIDDEN);
}
