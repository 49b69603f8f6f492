import { Counter, Gauge, Registry } from 'prom-client';
import type { DeliveryTotals } from './delivery/index.ts';

/** What is there to be counted. */
export interface Counted {
  totals: DeliveryTotals;
  sockets(): number;
  streams(): number;
  groups(): number;
  logs(): number;
  isBusConnected(): boolean;
}

export interface Metrics {
  contentType: string;
  /** Everything as it is now, in the text format of Prometheus. */
  text(): Promise<string>;
}

/** The gateway's own figures; those of its process and machine are others' to tell. */
export function createMetrics({ totals, ...counted }: Counted): Metrics {
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

  gauge('sockets', 'WebSockets that are open.', counted.sockets);
  gauge('streams', 'Event streams and multipart bodies that are open.', counted.streams);
  gauge('live_subscriptions', 'Subscriptions that have caught up.', () => totals.live);
  gauge('subscription_groups', 'Groups of subscriptions that see the same of a log.', counted.groups);
  gauge('followed_logs', 'Logs that somebody follows here.', counted.logs);
  gauge(
    'waiting_characters',
    'Length of the results that slow readers have not taken yet.',
    () => totals.waitingCharacters,
  );
  gauge('bus_connected', '1 while wake-ups of other gateways are heard.', () => Number(counted.isBusConnected()));
  counter(
    'results_rendered',
    'Results of subscriptions that were made, each for all who see the same.',
    () => totals.rendered,
  );
  counter('results_sent', 'Results of subscriptions that were sent, each to one of them.', () => totals.sent);
  counter(
    'slow_subscriptions',
    'Subscriptions that were ended because too much waited for them.',
    () => totals.ended.slow,
  );
  return { contentType: figures.contentType, text: () => figures.metrics() };
}
