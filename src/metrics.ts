import { Counter, Gauge, Registry } from 'prom-client';
import type { DeliveryTotals } from './delivery/index.ts';
import type { ResponseCache } from './response-cache/index.ts';

/** Where the figures are read. */
export interface MetricSources {
  totals: DeliveryTotals;
  sockets(): number;
  streams(): number;
  /** Requests in progress, and the bytes of their bodies and of responses that are not read. */
  usage(): { requests: number; received: number; unsent: number };
  groups(): number;
  logs(): number;
  isBusConnected(): boolean;
  /** Null when responses are not kept. */
  cache: Pick<ResponseCache, 'size' | 'count' | 'totals'> | null;
}

export interface Metrics {
  contentType: string;
  /** The present figures, in the text format of Prometheus. */
  text(): Promise<string>;
}

/** The gateway's own figures. Exporters of the platform measure its process and machine. */
export function createMetrics({ totals, cache, ...sources }: MetricSources): Metrics {
  const figures = new Registry();
  const registers = [figures];
  function gauge(name: string, help: string, read: () => number): void {
    const collect = function (this: Gauge): void {
      this.set(read());
    };
    new Gauge({ name: `broadsheet_${name}`, help, registers, collect });
  }
  function counter(name: string, help: string, read: () => number): void {
    const collect = function (this: Counter): void {
      this.reset();
      this.inc(read());
    };
    new Counter({ name: `broadsheet_${name}_total`, help, registers, collect });
  }

  gauge('sockets', 'WebSockets that are open.', sources.sockets);
  gauge('streams', 'Event streams and multipart bodies that are open.', sources.streams);
  gauge('requests', 'Operations in progress, over HTTP and WebSocket.', () => sources.usage().requests);
  gauge('request_bytes', 'Bytes of request bodies that are held.', () => sources.usage().received);
  gauge('unread_response_bytes', 'Bytes of responses that clients have not read.', () => sources.usage().unsent);
  gauge('live_subscriptions', 'Subscriptions that have caught up.', () => totals.live);
  gauge('subscription_groups', 'Groups of subscriptions that share their results.', sources.groups);
  gauge('followed_logs', 'Logs that this gateway reads for subscriptions.', sources.logs);
  gauge('waiting_characters', 'Length of the results that wait for slow readers.', () => totals.waitingCharacters);
  gauge('bus_connected', '1 while wake-ups from other gateways arrive.', () => Number(sources.isBusConnected()));
  if (cache) {
    gauge('cache_bytes', 'Memory of the responses that are kept, as estimated.', () => cache.size);
    gauge('cache_entries', 'Responses that are kept.', () => cache.count);
    counter('cache_hits', 'Responses that were sent again.', () => cache.totals.hits);
    counter('cache_misses', 'Responses that were made to be kept.', () => cache.totals.misses);
    counter('cache_stale', 'Responses that were sent unchecked without a database.', () => cache.totals.stale);
  }
  counter(
    'results_rendered',
    'Results of subscriptions that were rendered, each once for all subscribers that share it.',
    () => totals.rendered,
  );
  counter('results_sent', 'Results of subscriptions that were sent, counted for each subscriber.', () => totals.sent);
  counter(
    'slow_subscriptions',
    'Subscriptions that were ended because their client read too slowly.',
    () => totals.ended.slow,
  );
  return { contentType: figures.contentType, text: () => figures.metrics() };
}
