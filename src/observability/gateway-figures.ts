import { setTimeout as delay } from 'node:timers/promises';
import type { Bus } from '../bus/index.ts';
import type { Pool } from '../database/index.ts';
import type { DeliveryTotals } from '../delivery/index.ts';
import type { JobState } from '../jobs/index.ts';
import type { ResponseCache } from '../response-cache/index.ts';
import { DURATIONS, type Figures } from './figures.ts';

/** Milliseconds that the answer waits for the number of comments in the queue; then it has the last known one. */
const COUNT_WITHIN = 1_000;

/** Where figures are read. */
export interface GatewaySources {
  totals: DeliveryTotals;
  sockets(): number;
  streams(): number;
  /** Requests in progress, and the bytes of their bodies and of responses that are not read. */
  usage(): { requests: number; received: number; unsent: number };
  groups(): number;
  logs(): number;
  bus: Pick<Bus, 'isConnected' | 'totals'>;
  pool: Pick<Pool, 'usage'>;
  /** Null without replicas. */
  replicas: {
    totals: { replica: number; primary: number };
    lags(): [name: string, milliseconds: number | null][];
  } | null;
  jobs: { states(): Iterable<readonly [name: string, state: JobState]> };
  /** Null when responses are not kept. */
  cache: Pick<ResponseCache, 'size' | 'maxSize' | 'count' | 'totals'> | null;
  /** Reads how many comments wait for a moderator. */
  countWaiting(): Promise<number>;
}

/** Adds the figures that are read from the parts of the gateway. */
export function addGatewayFigures(figures: Figures, sources: GatewaySources): void {
  addConnections(figures, sources);
  addDelivery(figures, sources);
  addDatabase(figures, sources);
  if (sources.replicas) addReplicas(figures, sources.replicas);
  addJobs(figures, sources);
  if (sources.cache) addCache(figures, sources.cache);
  figures.gauge('comments_waiting', 'Comments that wait for a moderator.', lastKnown(sources.countWaiting));
}

function addConnections(figures: Figures, { sockets, streams, usage }: GatewaySources): void {
  figures.gauge('sockets', 'WebSockets that are open.', sockets);
  figures.gauge('streams', 'Event streams and multipart bodies that are open.', streams);
  figures.gauge('requests', 'Operations in progress, over HTTP and WebSocket.', () => usage().requests);
  figures.gauge('request_bytes', 'Bytes of request bodies that are held.', () => usage().received);
  figures.gauge('unread_response_bytes', 'Bytes of responses that clients have not read.', () => usage().unsent);
}

function addDelivery(figures: Figures, { totals, groups, logs, bus }: GatewaySources): void {
  figures.gauge('live_subscriptions', 'Subscriptions that have caught up.', () => totals.live);
  figures.gauge('subscription_groups', 'Groups of subscriptions that share their results.', groups);
  figures.gauge('followed_logs', 'Logs that this gateway reads for subscriptions.', logs);
  figures.gauge(
    'waiting_characters',
    'Length of the results that wait for slow readers.',
    () => totals.waitingCharacters,
  );
  figures.counter(
    'results_rendered',
    'Results of subscriptions that were rendered, each once for all subscribers that share it.',
    () => totals.rendered,
  );
  figures.counter(
    'results_sent',
    'Results of subscriptions that were sent, counted for each subscriber.',
    () => totals.sent,
  );
  figures.counter(
    'slow_subscriptions',
    'Subscriptions that were ended because their client read too slowly.',
    () => totals.ended.slow,
  );
  const lag = figures.histogram(
    'delivery_lag_seconds',
    'Time from the commit of an event until it was sent to the live subscribers of a group, by the clocks of database and gateway.',
    { buckets: DURATIONS },
  );
  totals.onDelivery = (milliseconds) => lag.observe(Math.max(0, milliseconds) / 1_000);
  figures.gauge('bus_connected', '1 while wake-ups from other gateways arrive.', () => Number(bus.isConnected));
  figures.counters('bus_wake_ups{direction}', 'Wake-ups that were published to other gateways and received.', () => [
    ['published', bus.totals.published],
    ['received', bus.totals.received],
  ]);
  figures.counter('bus_losses', 'Connections of the bus that were lost.', () => bus.totals.lost);
}

function addDatabase(figures: Figures, { pool }: GatewaySources): void {
  figures.gauge('database_connections', 'Connections to the database that are open.', () => pool.usage().open);
  figures.gauge('database_connections_max', 'Connections that may be open.', () => pool.usage().max);
  figures.counter(
    'database_refused',
    'Statements that were refused because too many wait.',
    () => pool.usage().refused,
  );
  figures.gauges('database_connections_in_use{share}', 'Connections in use, by share.', () =>
    pool.usage().shares.map(({ kind, running }) => [kind, running] as const),
  );
  figures.gauges('database_waiting{share}', 'Statements and transactions that wait for a connection, by share.', () =>
    pool.usage().shares.map(({ kind, waiting }) => [kind, waiting] as const),
  );
}

function addReplicas(figures: Figures, replicas: NonNullable<GatewaySources['replicas']>): void {
  figures.counters('reads{server}', 'Queries of readers, by the server that they were read from.', () =>
    Object.entries(replicas.totals),
  );
  figures.gauges('replica_lag_seconds{replica}', 'How far a replica is known to be behind.', () =>
    replicas.lags().map(([name, lag]) => [name, (lag ?? 0) / 1_000] as const),
  );
  figures.gauges('replica_left_out{replica}', '1 while a replica is left out.', () =>
    replicas.lags().map(([name, lag]) => [name, Number(lag === null)] as const),
  );
}

function addJobs(figures: Figures, { jobs }: GatewaySources): void {
  const each = (read: (state: JobState) => number) => () =>
    [...jobs.states()].map(([name, state]) => [name, read(state)] as const);
  figures.counters(
    'job_steps{name}',
    'Steps of background jobs that were done.',
    each(({ steps }) => steps),
  );
  figures.counters(
    'job_failures{name}',
    'Steps of background jobs that failed.',
    each(({ failures }) => failures),
  );
  figures.gauges(
    'job_due{name}',
    '1 while a job is due and not done.',
    each(({ dueSince }) => Number(dueSince !== null)),
  );
  figures.gauges(
    'job_late_seconds{name}',
    'How long a job has been due.',
    each(({ dueSince }) => (dueSince === null ? 0 : Math.max(0, performance.now() - dueSince) / 1_000)),
  );
}

function addCache(figures: Figures, cache: NonNullable<GatewaySources['cache']>): void {
  figures.gauge('cache_bytes', 'Memory of the responses that are kept, as estimated.', () => cache.size);
  figures.gauge('cache_max_bytes', 'Memory that they may take.', () => cache.maxSize);
  figures.gauge('cache_entries', 'Responses that are kept.', () => cache.count);
  figures.counter('cache_hits', 'Responses that were sent again.', () => cache.totals.hits);
  figures.counter('cache_misses', 'Responses that were made to be kept.', () => cache.totals.misses);
  figures.counter('cache_stale', 'Responses that were sent unchecked without a database.', () => cache.totals.stale);
}

/** Reads a number, or gives the last one while the database does not answer: the other figures must not wait for it. */
function lastKnown(read: () => Promise<number>): () => Promise<number> {
  let last = 0;
  let reading: Promise<void> | null = null;
  async function readNow(): Promise<void> {
    try {
      last = await read();
    } catch {
      // The failure of the statement is in the figures, too.
    } finally {
      reading = null;
    }
  }
  return async () => {
    reading ??= readNow();
    const waited = new AbortController();
    await Promise.race([reading, delay(COUNT_WITHIN, undefined, waited).catch(() => {})]);
    waited.abort();
    return last;
  };
}
