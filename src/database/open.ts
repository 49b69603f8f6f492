import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { startEmbedded } from './embedded/embedded.ts';
import { migrate } from './migrate/migrate.ts';

interface OpenDatabase {
  url: string;
  /** True for the embedded server, whose database only gateways use. */
  embedded: boolean;
  /** Stops an embedded server that no other gateway uses; does nothing for the server in DATABASE_URL. */
  close(): Promise<void>;
}

/** Migrates the configured database: on the server in DATABASE_URL, or else on an embedded server, which it starts. */
export async function openDatabase(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  log: Logger,
): Promise<OpenDatabase> {
  const server =
    databaseUrl === null ? await startEmbedded({ dataDir, log }) : { url: databaseUrl, stop: async () => {} };
  try {
    await migrate(server.url, { log });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { url: server.url, embedded: databaseUrl === null, close: () => server.stop() };
}
