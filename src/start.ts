import type { AddressInfo } from 'node:net';
import type { Queryable } from '../schema/content/context.ts';
import { schema } from '../schema/index.ts';
import { createIdentify, openRateLimits, openReceipts } from './auth/index.ts';
import { createPostgresBus, createRedisBus, PUBLICATIONS_TOPIC } from './bus/index.ts';
import { createChange } from './change.ts';
import type { Config } from './config.ts';
import { ensureSecret, openDatabase, openPool } from './database/index.ts';
import { createPipeline, type PipelineOptions } from './execution/index.ts';
import { listJobs, startJobs } from './jobs/index.ts';
import { openLiveLogs, publicationLog } from './log/index.ts';
import type { Logger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { loadSampleIfEmpty, samplePictures } from './sample/index.ts';
import { ConnectionLimiter } from './transport/connection-limiter.ts';
import { createHttpServer, GRAPHQL_PATH } from './transport/http/index.ts';
import { serveWebSockets } from './transport/websocket/index.ts';

export interface Gateway {
  /** Where the graph is served. */
  url: string;
  /** Stops in reverse order of start; resolves when nothing is left open. */
  stop(): Promise<void>;
  /** Articles whose logs are being read. */
  readonly watched: number;
}

export interface StartOptions {
  config: Config;
  log: Logger;
  /** Called with the text of every statement sent to the database. */
  onStatement?: (text: string) => void;
  /** Further plugins of the pipeline. */
  plugins?: PipelineOptions['plugins'];
}

/**
 * Connections that may wait to be taken, as far as the system allows: whoever finds no place tries again after a second,
 * and after a restart all come back at once.
 */
const BACKLOG = 4_096;

/** Starts a gateway: database, migrations, log readers, server. What was opened is closed again when a later step fails. */
export async function start({ config, log, onStatement, plugins = [] }: StartOptions): Promise<Gateway> {
  const closers: (() => unknown)[] = [];
  async function stop(): Promise<void> {
    for (const close of closers.splice(0).reverse()) await close();
  }

  try {
    const database = await openDatabase(config, log);
    closers.push(() => database.close());
    if (database.embedded && config.sampleContent) await loadSampleIfEmpty(database.url, log);

    const pool = openPool({ url: database.url, config, log, onStatement });
    closers.push(() => pool.close());
    const redisPrefix = await redisPrefixOf(pool);
    const bus =
      config.redisUrl === null
        ? createPostgresBus({ url: database.url, config, log })
        : createRedisBus({ url: config.redisUrl, prefix: redisPrefix, log });
    closers.push(() => bus.close());
    const live = openLiveLogs({ db: pool, bus, log });
    closers.push(() => live.close());
    const published = (): void => {
      publicationLog(pool)
        .read(null)
        .then(
          ({ position }) => bus.wake(PUBLICATIONS_TOPIC, position!.sequence),
          (error) =>
            log.error('A publication could not be announced at once; the next sweep of the log announces it', {
              err: error,
            }),
        );
    };
    const change = createChange(pool, bus);
    const jobs = startJobs({ jobs: listJobs(config), db: pool, change, wakePublicationReaders: published, log });
    closers.push(() => jobs.close());
    const limits = await openRateLimits({ url: database.url, redisPrefix, config, log });
    closers.push(() => limits.close());
    const receipts = await openReceipts(pool);
    const identify = createIdentify({ config, db: pool, log });
    const now = (): Date => new Date();
    const connections = new ConnectionLimiter(config.connectionsPerAddress, config.trustProxy);
    const pipeline = createPipeline({
      schema,
      log,
      createContext: (identity) => ({
        viewer: identity.viewer,
        receipts,
        consumeRateLimit: (action, articleId) => limits.consume(identity, action, articleId),
        db: pool,
        loaders: new Map(),
        change,
        live,
        wakePublicationReaders: published,
        wakeJob: jobs.wake,
        settings: config.settings,
        now,
      }),
      snapshot: pool.snapshot,
      plugins,
    });
    const http = createHttpServer({
      config,
      log,
      identify,
      pipeline,
      connections,
      async readiness() {
        const isReady = await pool.query({ text: 'SELECT 1', values: [] }).then(
          () => true,
          () => false,
        );
        if (!isReady) return { isReady, message: 'the database does not answer' };
        // Without the bus, events are only delivered later.
        return { isReady, message: bus.isConnected ? 'ready' : 'ready, but the bus is not connected' };
      },
      metrics: () => metrics,
      files: samplePictures,
    });
    closers.push(() => (http.server.listening ? http.close() : undefined));
    await new Promise<void>((resolve, reject) => {
      http.server.once('error', reject);
      http.server.listen({ port: config.port, host: config.host, backlog: BACKLOG }, resolve);
    });
    // After listening, whose failure is this function's to tell; before anyone can have connected.
    const sockets = serveWebSockets({
      server: http.server,
      path: GRAPHQL_PATH,
      config,
      identify,
      pipeline,
      connections,
      log,
    });
    const metrics = createMetrics({
      totals: pipeline.subscriptions.totals,
      sockets: () => sockets.size,
      streams: () => http.streamCount,
      groups: () => pipeline.subscriptions.groupCount,
      logs: () => live.followedLogs,
      isBusConnected: () => bus.isConnected,
    });
    // Both at once: requests and sockets are given the same time to end.
    closers.pop();
    closers.push(() => Promise.all([sockets.close(), http.close()]));
    const { port } = http.server.address() as AddressInfo;
    const host = config.host.includes(':') ? `[${config.host}]` : config.host;
    return {
      url: `http://${host}:${port}${GRAPHQL_PATH}`,
      stop,
      get watched() {
        return live.followedLogs;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Others may use the same Redis, other installations of this program among them. */
async function redisPrefixOf(db: Queryable): Promise<string> {
  const installation = await ensureSecret(db, 'installation');
  return `broadsheet:${installation.toString('base64url').slice(0, 12)}:`;
}
