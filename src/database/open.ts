import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { startEmbedded } from './embedded/embedded.ts';
import { assertMigrated, migrate } from './migrate/migrate.ts';

interface OpenDatabase {
  url: string;
  /** True for the embedded server, whose database only gateways use. */
  embedded: boolean;
  /** Whether nothing else uses an embedded server; then nothing else can until it is closed. False for another server. */
  takeOver(): Promise<boolean>;
  /** Stops an embedded server that no other gateway uses; does nothing for the server in DATABASE_URL. */
  close(): Promise<void>;
}

/** Opens the configured database: on the server in DATABASE_URL, or else on an embedded server, which it starts. */
export async function openDatabase(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  log: Logger,
): Promise<OpenDatabase> {
  const server =
    databaseUrl === null
      ? await startEmbedded({ dataDir, log })
      : { url: databaseUrl, takeOver: async () => false, stop: async () => {} };
  const { url, takeOver } = server;
  return { url, embedded: databaseUrl === null, takeOver, close: () => server.stop() };
}

/** Applies pending migrations; with MIGRATE=off rejects while there are some. */
export async function prepareSchema(url: string, config: Pick<Config, 'migrate'>, log: Logger): Promise<void> {
  if (config.migrate) await migrate(url, { log });
  else await assertMigrated(url);
}
