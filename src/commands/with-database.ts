import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConvertText } from '../../schema/content/text/conversions.ts';
import type { Config } from '../config.ts';
import { migrate, openDatabase, openPool, type Pool, prepareSchema } from '../database/index.ts';
import type { Logger } from '../logger.ts';
import { openTextConverter } from '../rendering/index.ts';
import { wakeReaders } from '../start.ts';
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
  /** Aborts at the first Ctrl-C or SIGTERM. */
  interrupted: AbortSignal;
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
    const { url } = database;
    const wake = (articleIds: readonly number[]) =>
      wakeReaders({ url, config, log }, articleIds).catch((err) =>
        log.error('The gateways could not be woken; they notice the change within 2 s', { err }),
      );
    const doWork = async () => {
      if (migrates === 'always') await migrate(url, { log });
      if (migrates === 'as configured') await prepareSchema(url, config, log);
      await work({ url, config, log, interrupted: interruption.signal, wake });
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

/** Opens connections to the database, and threads that convert texts, for the time of some work. */
export async function withTexts<Result>(
  { url, config, log }: Pick<DatabaseWork, 'url' | 'config' | 'log'>,
  work: (texts: { db: Pool; convertText: ConvertText }) => Promise<Result>,
): Promise<Result> {
  const pool = openPool({ url, config, log });
  const texts = openTextConverter();
  try {
    return await work({ db: pool, convertText: texts.convert });
  } finally {
    await texts.close();
    await pool.close();
  }
}
