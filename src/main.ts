#!/usr/bin/env node
import { writeSync } from 'node:fs';
import { Command } from 'commander';
import { COMMANDS, type CommandContext, nextSignal } from './commands/index.ts';
import { type Config, readConfig, secretsOf } from './config.ts';
import { readEnvironment } from './environment.ts';
import { describeFailure } from './failure.ts';
import { type ClosableLogger, createLogger } from './logger.ts';
import { createRedaction } from './redaction.ts';

/** Milliseconds after DRAIN_SECONDS until a gateway that does not stop exits anyway: supervisors commonly wait for ten seconds. */
const STOP_WITHIN = 9_500;

const [, , name] = process.argv;
const program = new Command('broadsheet').description('A GraphQL gateway for articles and their discussions.');

program
  // A misspelled name would be taken for an argument of the default command.
  .command('serve', { isDefault: name === undefined || name.startsWith('-') })
  .description('Serve the graph. Environment variables configure it; `config` prints them.')
  .action(serve);

const environment = readEnvironment(process.env, process.cwd());
const { values } = environment;
// Libraries read variables of their own from there.
Object.assign(process.env, environment.forLibraries);

const context: CommandContext = {
  environment,
  readConfig: () => readConfig(values, environment.mistakes),
  openLog,
};

const redact = createRedaction(secretsOf(values));
// Node would print every property of the error, such as the address that could not be parsed.
process.on('uncaughtException', exitWith);
// As of `| head`, and of a terminal that was closed. The work goes on without a reader, so that it ends in order and stops an embedded PostgreSQL.
for (const output of [process.stdout, process.stderr])
  output.on('error', (error: NodeJS.ErrnoException) => ['EPIPE', 'EIO'].includes(error.code ?? '') || exitWith(error));
try {
  for (const load of commandsFor(name)) program.addCommand((await load())(context));
  await program.parseAsync();
} catch (error) {
  exitWith(error);
}

function exitWith(error: unknown): never {
  writeSync(process.stderr.fd, `${redact(describeFailure(error, values))}\n`);
  process.exit(1);
}

/** All of them when none is named: for the help, and to suggest one for a misspelled name. */
function commandsFor(asked = 'serve'): readonly (() => Promise<(context: CommandContext) => Command>)[] {
  const named = Object.hasOwn(COMMANDS, asked) ? COMMANDS[asked] : undefined;
  if (named) return [named];
  return asked === 'serve' ? [] : Object.values(COMMANDS);
}

async function serve(): Promise<void> {
  const config = context.readConfig();
  const { start } = await import('./start.ts');
  const log = openLog(config);
  // Before the start: a signal that arrives meanwhile stops the gateway as soon as it is up.
  const signalled = nextSignal();
  const gateway = await start({ config, log });
  log.info('Serving', { url: gateway.url, ...(gateway.metricsUrl !== null && { metrics: gateway.metricsUrl }) });
  log.info('Stopping', { signal: await signalled });
  setTimeout(
    () => {
      log.error('Stopping took too long; connections that were still open are dropped');
      log.close();
      process.exit(1);
    },
    config.drainSeconds * 1_000 + STOP_WITHIN,
  ).unref();
  await gateway.stop();
  log.close();
}

/** Lines for people in a terminal; JSON in production, and where a program reads them. */
function openLog({ logLevel }: Config): ClosableLogger {
  const readable = process.stderr.isTTY && values.NODE_ENV !== 'production';
  const log = createLogger({ level: logLevel, readable, redact });
  for (const misspelling of environment.misspelled)
    log.info('A variable has no effect: its name is unknown', { ...misspelling });
  return log;
}
