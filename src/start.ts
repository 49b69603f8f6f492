import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refreshNameSkeletons } from '../schema/content/author/name-skeletons.ts';
import type { Queryable } from '../schema/content/context.ts';
import type { ForbiddenWordCache } from '../schema/content/moderation/forbidden-word-list.ts';
import { isStaff } from '../schema/content/roles.ts';
import { schema } from '../schema/index.ts';
import { createIdentify, type Identify, openRateLimits, openReceipts } from './auth/index.ts';
import { BackgroundWork } from './background/index.ts';
import {
  articleTopic,
  type Bus,
  createPostgresBus,
  createRedisBus,
  PUBLICATIONS_TOPIC,
  publishOverPostgres,
  publishOverRedis,
} from './bus/index.ts';
import { createChange, createChangeAtOnce } from './change.ts';
import type { Config } from './config.ts';
import { ensureSecret, openDatabase, openPool, type Pool, type WorkSource } from './database/index.ts';
import {
  type ContextSource,
  createPipeline,
  type OperationPipeline,
  type PipelineOptions,
  readTrustedDocuments,
} from './execution/index.ts';
import { listJobs, startJobs } from './jobs/index.ts';
import { type LiveLogs, openLiveLogs, publicationLog } from './log/index.ts';
import type { Logger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { openTextConverter } from './rendering/index.ts';
import { ChangeTracker, ResponseCache } from './response-cache/index.ts';
import { loadSampleIfEmpty, samplePictures } from './sample/index.ts';
import { Admission } from './transport/admission.ts';
import { ConnectionLimiter } from './transport/connection-limiter.ts';
import { HEARTBEAT_INTERVAL } from './transport/heartbeat.ts';
import { createHttpServer, GRAPHQL_PATH } from './transport/http/index.ts';
import { serveWebSockets } from './transport/websocket/index.ts';

export interface Gateway {
  /** The URL of the GraphQL endpoint. */
  url: string;
  /** Closes everything in reverse order of opening; resolves when nothing is left open. */
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
  /** Milliseconds that the conversion of one text may take. */
  conversionDeadline?: number;
  /** Milliseconds between heartbeats of streams and pings of WebSockets. */
  heartbeatInterval?: number;
}

interface Closable {
  close(): unknown;
}

/**
 * Connections that may wait to be accepted, as far as the system allows. After a restart all clients connect at once, and
 * one that finds the queue full tries again only after a second.
 */
const BACKLOG = 4_096;

/** Starts a gateway. When a step fails, what the steps before it have opened is closed again. */
export async function start(options: StartOptions): Promise<Gateway> {
  const opened: Closable[] = [];
  async function stop(): Promise<void> {
    for (const resource of opened.splice(0).reverse()) await resource.close();
  }
  try {
    const { url, live } = await open(options, (resource) => {
      opened.push(resource);
      return resource;
    });
    return {
      url,
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

/** The steps of a start, in order. Each resource is passed to `keep` as soon as it is open. */
async function open(
  { config, log, onStatement, plugins = [], conversionDeadline, heartbeatInterval = HEARTBEAT_INTERVAL }: StartOptions,
  keep: <Resource extends Closable>(resource: Resource) => Resource,
): Promise<{ url: string; live: LiveLogs }> {
  const trustedDocuments = await readTrustedDocuments(config);
  const database = keep(await openDatabase(config, log));
  if (database.embedded && config.sampleContent) await loadSampleIfEmpty(database.url, log);
  const pool = keep(openPool({ url: database.url, config, log, onStatement }));
  const redisPrefix = await redisPrefixOf(pool);
  const bus = keep(createBus({ url: database.url, redisPrefix, config, log }));
  const work = keep(new BackgroundWork());
  const live = keep(openLiveLogs({ db: pool, bus, log, work }));
  const change = createChange(pool, bus);
  // After a migration all names are stale: computed here, no request waits for them.
  await refreshNameSkeletons(change);
  const wakePublicationReaders = publicationWaker({ pool, bus, log, work });
  const jobs = keep(startJobs({ jobs: listJobs(config), db: pool, change, wakePublicationReaders, log }));
  const texts = keep(openTextConverter(conversionDeadline === undefined ? {} : { deadline: conversionDeadline }));
  const limits = keep(await openRateLimits({ url: database.url, redisPrefix, config, log }));
  const receipts = await openReceipts(pool);
  const forbiddenWords: ForbiddenWordCache = { current: null };
  const now = (): Date => new Date();
  const pipeline = createPipeline({
    schema,
    log,
    createContext(source) {
      const { identity } = source;
      const db = pool.forWork(workOf(source));
      return {
        viewer: identity.viewer,
        receipts,
        consumeRateLimit: (action) => limits.consume(identity, action),
        db,
        loaders: new Map(),
        slices: null,
        dependencies: null,
        change: createChange(db, bus),
        changeAtOnce: createChangeAtOnce(db, bus),
        forbiddenWords,
        convertText: texts.convert,
        live,
        wakePublicationReaders,
        wakeJob: jobs.wake,
        settings: config.settings,
        now,
      };
    },
    costLimit: config.costLimit,
    costBudget: limits.costBudget,
    trustedDocuments,
    plugins,
    work,
  });
  const identify = createIdentify({ config, db: pool, wakeJob: jobs.wake, log });
  const { url } = keep(await openServer({ config, log, identify, pipeline, pool, bus, live, heartbeatInterval }));
  return { url, live };
}

/** The share of the connections that an operation uses, and the sender in whose turn its statements are sent. */
function workOf({ identity: { viewer, address }, signal, isShared = false }: ContextSource): WorkSource {
  if (isShared) return { kind: 'live', sender: 'subscriptions' };
  const sender = viewer ? `author:${viewer.author.id}` : address;
  return { kind: isStaff(viewer) ? 'staff' : 'read', sender, signal };
}

interface BusOptions {
  url: string;
  redisPrefix: string;
  config: Config;
  log: Logger;
}

function createBus({ url, redisPrefix, config, log }: BusOptions): Bus {
  return config.redisUrl === null
    ? createPostgresBus({ url, config, log })
    : createRedisBus({ url: config.redisUrl, prefix: redisPrefix, log });
}

/** Wakes the readers of articles' logs that an import or a repair has replaced, on all gateways. */
export async function wakeReaders(
  { url, config, log }: Pick<BusOptions, 'url' | 'config' | 'log'>,
  articleIds: readonly number[],
): Promise<void> {
  const topics = articleIds.map(articleTopic);
  if (config.redisUrl === null) return publishOverPostgres({ url, config }, topics);
  const pool = openPool({ url, config, log });
  try {
    await publishOverRedis({ url: config.redisUrl, prefix: await redisPrefixOf(pool) }, topics);
  } finally {
    await pool.close();
  }
}

/** The prefix of this installation's names in Redis, which other installations may use as well. */
async function redisPrefixOf(db: Queryable): Promise<string> {
  const installation = await ensureSecret(db, 'installation');
  return `broadsheet:${installation.toString('base64url').slice(0, 12)}:`;
}

/** Wakes the readers of the publication log, here and on other gateways, at its present position. */
function publicationWaker({
  pool,
  bus,
  log,
  work,
}: Pick<ServerOptions, 'pool' | 'bus' | 'log'> & { work: BackgroundWork }): () => void {
  return () => {
    work.track(publicationLog(pool).read(null)).then(
      ({ position }) => bus.wake(PUBLICATIONS_TOPIC, position!.sequence),
      (err) =>
        log.error('A publication could not be announced at once; the next sweep of the log announces it', { err }),
    );
  };
}

interface ServerOptions {
  config: Config;
  log: Logger;
  identify: Identify;
  pipeline: OperationPipeline;
  pool: Pool;
  bus: Bus;
  live: LiveLogs;
  heartbeatInterval: number;
}

/** Listens for HTTP requests and WebSockets. */
async function openServer({ pool, bus, live, ...options }: ServerOptions): Promise<Closable & { url: string }> {
  const { config, pipeline } = options;
  const cache = openResponseCache(pool, config);
  const connections = new ConnectionLimiter(config.connectionsPerAddress, config.trustProxy);
  const admission = new Admission(config.requestsPerAddress, config.trustProxy);
  const http = createHttpServer({
    ...options,
    connections,
    admission,
    reuse: cache && { cache, cacheControl: config.cacheControl, cacheTagHeader: config.cacheTagHeader },
    schema,
    readiness: () => checkReadiness(pool, bus),
    metrics: () => metrics,
    feeds: {
      dbFor: (sender) => pool.forWork({ kind: 'read', sender }),
      publicUrl: config.settings.publicUrl,
      cacheControl: config.cacheControl,
    },
    files: samplePictures,
  });
  await listen(http.server, config);
  // Only now, so that nothing is left to close when the server cannot listen. No client has connected yet.
  const sockets = serveWebSockets({ ...options, path: GRAPHQL_PATH, connections, admission });
  http.onWebSocket(sockets.upgrade);
  const metrics = createMetrics({
    totals: pipeline.subscriptions.totals,
    sockets: () => sockets.size,
    streams: () => http.streamCount,
    usage: () => admission.total,
    groups: () => pipeline.subscriptions.groupCount,
    logs: () => live.followedLogs,
    isBusConnected: () => bus.isConnected,
    cache,
  });
  const { port } = http.server.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return {
    url: `http://${host}:${port}${GRAPHQL_PATH}`,
    // Both at once, so that requests and WebSockets have the same time to end.
    close: () => Promise.all([sockets.close(), http.close()]),
  };
}

/** Null when it is turned off. */
function openResponseCache(pool: Pool, { cacheSize, cacheStaleOnError }: Config): ResponseCache | null {
  if (cacheSize === 0) return null;
  const tracker = new ChangeTracker(pool.forWork({ kind: 'check', sender: 'gateway' }));
  return new ResponseCache({ tracker, maxSize: cacheSize, staleOnError: cacheStaleOnError });
}

function listen(server: Server, { port, host }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: BACKLOG }, resolve);
  });
}

async function checkReadiness(pool: Pool, bus: Bus): Promise<{ isReady: boolean; message: string }> {
  const isReady = await pool.query({ text: 'SELECT 1', values: [] }).then(
    () => true,
    () => false,
  );
  if (!isReady) return { isReady, message: 'the database does not answer' };
  // Without the bus, events are only delivered later.
  return { isReady, message: bus.isConnected ? 'ready' : 'ready, but the bus is not connected' };
}
