import type { Config } from '../config.ts';
import type { Environment } from '../environment.ts';
import type { ClosableLogger } from '../logger.ts';

/** What a command needs of the program that it belongs to. */
export interface CommandContext {
  environment: Environment;
  /** @throws ConfigError */
  readConfig(): Config;
  /** Opens the log, whose first lines name misspelled variables. */
  openLog(config: Config): ClosableLogger;
}

/** The option of commands whose result programs read. */
export const JSON_OPTION = ['--json', 'print the result as JSON'] as const;

export function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  printLine(JSON.stringify(value, null, 2));
}
