import { setTimeout as delay } from 'node:timers/promises';
import { readHoldSettings, refreshHoldSettings } from '../schema/content/administration/hold-settings.ts';
import { refreshNameSkeletons } from '../schema/content/author/name-skeletons.ts';
import type { Job, JobContext, Queryable } from '../schema/content/context.ts';
import type { Settings } from '../schema/content/settings.ts';
import { schema } from '../schema/index.ts';
import { createIdentify, type Identify, openRateLimits, openReceipts, type RateLimits } from './auth/index.ts';
import { BackgroundWork } from './background/index.ts';
import { type Bus, createPostgresBus, loadRedis, PUBLICATIONS_TOPIC } from './bus/index.ts';
import { createChange } from './change.ts';
import type { Config } from './config.ts';
import { openDatabase, openPool, prepareSchema } from './database/index.ts';
import { createPipeline, type PipelineOptions, readTrustedDocuments } from './execution/index.ts';
import { listJobs, startJobs } from './jobs/index.ts';
import { checkReadiness, listen } from './listening.ts';
import { type LiveLogs, openLiveLogs, publicationLog } from './log/index.ts';
import type { Logger } from './logger.ts';
import { openMaintenance } from './maintenance/index.ts';
import { openPictures, type Pictures, prunePictures, prunePicturesNow, recordPicture } from './media/index.ts';
import { openObserver } from './observability/index.ts';
import { contextFactory } from './operation-contexts.ts';
import { openTextConverter } from './rendering/index.ts';
import { Replicas } from './replicas/index.ts';
import { ChangeTracker, ResponseCache } from './response-cache/index.ts';
import { loadSampleIfEmpty, samplePictures } from './sample/index.ts';
import { addressOf, type MeasuredParts, measure, serveMetrics } from './serve-metrics.ts';
import { Admission } from './transport/admission.ts';
import { ConnectionLimiter } from './transport/connection-limiter.ts';
import { HEARTBEAT_INTERVAL } from './transport/heartbeat.ts';
import { createHttpServer, GRAPHQL_PATH } from './transport/http/index.ts';
import { serveWebSockets } from './transport/websocket/index.ts';
import { redisPrefixOf, wakeReaders } from './wake-readers.ts';

export interface Gateway {
  /** The URL of the GraphQL endpoint. */
  url: string;
  /** Where METRICS_PORT serves the metrics; null without it. */
  metricsUrl: string | null;
  /** Closes everything in reverse order of opening; resolves when nothing is left open. */
  stop(): Promise<void>;
  /** Articles whose logs are being read. */
  readonly watched: number;
}

export interface StartOptions {
  config: Config;
  log: Logger;
  /** Called with the texts of the statements of each round trip to the database. */
  onStatements?: (texts: readonly string[]) => void;
  /** Further plugins of the pipeline. */
  plugins?: PipelineOptions['plugins'];
  /** Milliseconds of processor time that the conversion of one text may take. */
  conversionDeadline?: number;
  /** Milliseconds between heartbeats of streams and pings of WebSockets. */
  heartbeatInterval?: number;
}

interface Closable {
  close(): unknown;
}

/** Starts a gateway. When a step fails, what the steps before it have opened is closed again. */
export async function start(options: StartOptions): Promise<Gateway> {
  const opened: Closable[] = [];
  async function stop(): Promise<void> {
    for (const resource of opened.splice(0).reverse()) await resource.close();
  }
  try {
    const { url, metricsUrl, live } = await open(options, (resource) => {
      opened.push(resource);
      return resource;
    });
    return {
      url,
      metricsUrl,
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
  { config, log, onStatements, plugins = [], conversionDeadline, heartbeatInterval = HEARTBEAT_INTERVAL }: StartOptions,
  keep: <Resource extends Closable>(resource: Resource) => Resource,
): Promise<Pick<Gateway, 'url' | 'metricsUrl'> & { live: LiveLogs }> {
  const trustedDocuments = await readTrustedDocuments(config);
  const database = keep(await openDatabase(config, log));
  await prepareSchema(database.url, config, log);
  if (database.embedded && config.sampleContent) await loadSampleIfEmpty(database.url, log);
  const observer = keep(await openObserver({ config, log, trusted: trustedDocuments.byId.values() }));
  const { onStatementEnd, metrics } = observer;
  const pool = keep(openPool({ url: database.url, config, log, onStatements, onStatementEnd }));
  const redisPrefix = await redisPrefixOf(pool);
  const tracker = new ChangeTracker(pool.forWork({ kind: 'check', sender: 'gateway' }));
  const { replicaUrls: urls } = config;
  const replicas = urls && keep(new Replicas({ urls, tracker, config, log, onStatements, onStatementEnd }));
  const bus = keep(await createBus({ url: database.url, redisPrefix, config, log }));
  const work = keep(new BackgroundWork());
  const live = keep(openLiveLogs({ db: pool, bus, log, work }));
  const change = createChange(pool, bus, metrics?.onModeration);
  // After a migration all names are stale: computed here, no request waits for them.
  await refreshNameSkeletons(change);
  const wakePublicationReaders = publicationWaker({ pool, bus, log, work });
  const settings = await currentSettings(pool, config);
  const forJobs = { db: pool, change, wakePublicationReaders, log };
  const pictures = openPictures(config, keep);
  const jobs = keep(startJobs({ ...forJobs, jobs: allJobs(config, settings, pictures) }));
  const texts = keep(openTextConverter(conversionDeadline === undefined ? {} : { deadline: conversionDeadline }));
  keep(openMaintenance({ ...maintained(database.url, { ...forJobs, config, pictures }), convertText: texts.convert }));
  const onRefusal = metrics?.rejections.add;
  const limits = keep(await openRateLimits({ url: database.url, redisPrefix, config, log, onRefusal }));
  const receipts = await openReceipts(pool);
  const pipeline = createPipeline({
    schema,
    log,
    createContext: contextFactory({
      ...{ pool, replicas, bus, limits, receipts, live, metrics, wakePublicationReaders },
      convertText: texts.convert,
      wakeJob: jobs.wake,
      settings,
    }),
    costLimit: config.costLimit,
    costBudget: limits.costBudget,
    trustedDocuments,
    plugins,
    work,
    observer: observer.operations,
  });
  const identify = createIdentify({
    ...{ config, db: pool, wakeJob: jobs.wake, log },
    onRefusal: () => onRefusal?.('token'),
  });
  const server = {
    ...{ config, log, identify, pipeline, pool, tracker, replicas, pictures, limits },
    ...{ bus, live, jobs, observer, heartbeatInterval },
  };
  const metricsServer = await serveMetrics(observer, config);
  if (metricsServer) keep(metricsServer);
  const { url } = keep(await openServer(server));
  return { url, metricsUrl: metricsServer?.url ?? null, live };
}

function allJobs(config: Config, settings: Settings, pictures: Pictures | null): Job[] {
  const pruning = pictures ? [prunePictures(pictures, config.unusedMediaKept)] : [];
  return [...listJobs(config), refreshHoldSettings(settings), ...pruning];
}

/** The configuration, with what an admin has set. The caller's configuration stays as it is. */
async function currentSettings(db: Queryable, { settings }: Config): Promise<Settings> {
  return { ...settings, hold: await readHoldSettings(db, settings.configuredHold) };
}

interface MaintainedOptions extends JobContext {
  config: Config;
  pictures: Pictures | null;
  log: Logger;
}

function maintained(url: string, { pictures, ...options }: MaintainedOptions) {
  const { config, log, db, change } = options;
  const pruned = pictures && { db, change, pictures, kept: config.unusedMediaKept };
  return {
    ...options,
    url,
    wakeReaders: (articleIds: readonly number[]) => wakeReaders({ url, config, log }, articleIds),
    prunePictures: pruned ? (signal: AbortSignal) => prunePicturesNow({ ...pruned, signal }) : undefined,
  };
}

interface BusOptions {
  url: string;
  redisPrefix: string;
  config: Config;
  log: Logger;
}

async function createBus({ url, redisPrefix, config, log }: BusOptions): Promise<Bus> {
  if (config.redisUrl === null) return createPostgresBus({ url, config, log });
  const { createRedisBus } = await loadRedis();
  return createRedisBus({ url: config.redisUrl, prefix: redisPrefix, log });
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

interface ServerOptions
  extends Pick<MeasuredParts, 'pipeline' | 'pool' | 'replicas' | 'bus' | 'live' | 'jobs' | 'observer'> {
  tracker: ChangeTracker;
  config: Config;
  log: Logger;
  identify: Identify;
  pictures: Pictures | null;
  limits: RateLimits;
  heartbeatInterval: number;
}

/** Listens for HTTP requests and WebSockets. */
async function openServer({
  pool,
  tracker,
  replicas,
  bus,
  live,
  jobs,
  observer,
  pictures,
  limits,
  ...options
}: ServerOptions): Promise<Closable & { url: string }> {
  const { config, pipeline } = options;
  const cache = openResponseCache(tracker, config);
  const connections = new ConnectionLimiter(config.connectionsPerAddress, config.trustProxy);
  const admission = new Admission(config.requestsPerAddress, config.trustProxy);
  const http = createHttpServer({
    ...options,
    connections,
    admission,
    reuse: cache && { cache, cacheControl: config.cacheControl, cacheTagHeader: config.cacheTagHeader },
    schema,
    readiness: () => checkReadiness(pool, bus),
    metrics: config.metricsPort === null ? observer.metrics : null,
    feeds: {
      dbFor: (sender) => pool.forWork({ kind: 'read', sender }),
      publicUrl: config.settings.publicUrl,
      mediaUrl: config.settings.mediaUrl,
      cacheControl: config.cacheControl,
    },
    media: {
      pictures,
      consume: limits.consume,
      record: (picture, size) => recordPicture(pool, picture, size),
      mediaUrl: config.settings.mediaUrl,
    },
    files: samplePictures,
  });
  await listen(http.server, config);
  // Only now, so that nothing is left to close when the server cannot listen. No client has connected yet.
  const sockets = serveWebSockets({ ...options, path: GRAPHQL_PATH, connections, admission });
  http.onWebSocket(sockets.upgrade);
  measure({ observer, pipeline, pool, replicas, bus, live, jobs, cache, admission, connections, sockets, http });
  return {
    url: addressOf(http.server, config.host, GRAPHQL_PATH),
    async close() {
      http.drain();
      await delay(config.drainSeconds * 1_000);
      // Both at once, so that requests and WebSockets have the same time to end.
      await Promise.all([sockets.close(), http.close()]);
    },
  };
}

/** Null when it is turned off. */
function openResponseCache(tracker: ChangeTracker, { cacheSize, cacheStaleOnError }: Config): ResponseCache | null {
  if (cacheSize === 0) return null;
  return new ResponseCache({ tracker, maxSize: cacheSize, staleOnError: cacheStaleOnError });
}
