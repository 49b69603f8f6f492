import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { startEmbedded } from './embedded/embedded.ts';
import { migrate } from './migrate/migrate.ts';

export interface OpenDatabase {
  url: string;
  /** True for the embedded server, which belongs to this gateway alone. */
  embedded: boolean;
  /** Leaves the server, and stops an embedded one that nobody else uses. */
  close(): Promise<void>;
}

/** The database of the configuration, reached and migrated: the server named, or one of our own. */
export async function openDatabase(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  log: Logger,
): Promise<OpenDatabase> {
  const server =
    databaseUrl === null ? await startEmbedded({ dataDir, log: log.info }) : { url: databaseUrl, stop: async () => {} };
  try {
    await migrate(server.url, { log: log.info });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { url: server.url, embedded: databaseUrl === null, close: () => server.stop() };
}
