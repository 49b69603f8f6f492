import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { migrate, openDatabase, prepareSchema } from '../database/index.ts';
import type { Logger } from '../logger.ts';
import { wakeReaders } from '../wake-readers.ts';
import type { CommandContext } from './command-context.ts';
import { nextSignal } from './next-signal.ts';

/** Milliseconds for work that is interrupted to remove what it has begun. */
const CLEANUP_LIMIT = 2_000;

/** By convention, a process that a signal has ended exits with this and the signal's number. */
const INTERRUPTED = 128;

export interface DatabaseWork {
  url: string;
  config: Config;
  log: Logger;
  /** Aborts at the first Ctrl-C, SIGTERM or SIGHUP. */
  interrupted: AbortSignal;
  /** Whether no other process uses an embedded server; then none can until the work has ended. */
  takeOver(): Promise<boolean>;
  /** Wakes the readers of articles' logs that the work has replaced. */
  wake(articleIds: readonly number[]): Promise<void>;
}

interface WithDatabaseOptions {
  /** Whether pending migrations are applied first. By default MIGRATE decides, and the command fails while there are some. */
  migrates?: 'always' | 'as configured' | 'never';
  /** The work ends by itself when it is interrupted, and decides about the exit code. Other work is dropped. */
  endsItself?: boolean;
}

/** Opens the configured database for the time of some work. An embedded server is stopped after it, also by Ctrl-C. */
export async function withDatabase(
  context: CommandContext,
  work: (database: DatabaseWork) => Promise<unknown>,
  { migrates = 'as configured', endsItself = false }: WithDatabaseOptions = {},
): Promise<void> {
  const config = context.readConfig();
  const log = context.openLog(config);
  const interruption = new AbortController();
  const signalled = nextSignal().then((signal) => {
    interruption.abort();
    return signal;
  });
  const database = await openDatabase(config, log);
  let signal: NodeJS.Signals | null = null;
  try {
    const { url, takeOver } = database;
    const wake = (articleIds: readonly number[]) =>
      wakeReaders({ url, config, log }, articleIds).catch((err) =>
        log.error('The gateways could not be woken; they notice the change within 2 s', { err }),
      );
    const doWork = async () => {
      if (migrates === 'always') await migrate(url, { log });
      if (migrates === 'as configured') await prepareSchema(url, config, log);
      await work({ url, config, log, interrupted: interruption.signal, takeOver, wake });
      return null;
    };
    const doing = doWork();
    signal = endsItself ? await doing : await Promise.race([doing, signalled]);
    if (signal) await Promise.race([doing.catch(() => {}), delay(CLEANUP_LIMIT, undefined, { ref: false })]);
  } finally {
    await database.close();
  }
  // Connections of the work to another server may still be open.
  if (signal) process.exit(INTERRUPTED + constants.signals[signal]);
}
