import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Bus } from './bus/index.ts';
import type { Config } from './config.ts';
import type { Pool } from './database/index.ts';
import type { OperationPipeline } from './execution/index.ts';
import type { startJobs } from './jobs/index.ts';
import type { LiveLogs } from './log/index.ts';
import type { Observer } from './observability/index.ts';
import type { Replicas } from './replicas/index.ts';
import type { ResponseCache } from './response-cache/index.ts';
import type { Admission } from './transport/admission.ts';
import type { ConnectionLimiter } from './transport/connection-limiter.ts';
import { createMetricsServer, METRICS_PATH } from './transport/http/index.ts';

/** The parts of a gateway that have figures. */
export interface MeasuredParts {
  observer: Observer;
  pipeline: OperationPipeline;
  pool: Pool;
  replicas: Replicas | null;
  bus: Bus;
  live: LiveLogs;
  jobs: ReturnType<typeof startJobs>;
  cache: ResponseCache | null;
  admission: Admission;
  connections: ConnectionLimiter;
  sockets: { readonly size: number };
  http: { readonly streamCount: number };
}

/** Comments that wait for a moderator. Past this number it is enough to know that they are many. */
export const COUNT_WAITING = 'SELECT count(*)::int FROM (SELECT FROM comment WHERE waiting LIMIT 100000) waiting';

/** Has the figures of a gateway collected from its parts. */
export function measure({ observer: { metrics }, ...parts }: MeasuredParts): void {
  if (!metrics) return;
  const { pipeline, pool, live, admission, connections, sockets, http } = parts;
  admission.onRefusal = (overload) => metrics.rejections.add(overload === 'address' ? 'address_busy' : 'gateway_busy');
  connections.onRefusal = () => metrics.rejections.add('connections');
  metrics.addSources({
    ...parts,
    totals: pipeline.subscriptions.totals,
    sockets: () => sockets.size,
    streams: () => http.streamCount,
    usage: () => admission.total,
    groups: () => pipeline.subscriptions.groupCount,
    logs: () => live.followedLogs,
    async countWaiting() {
      const [row] = await pool.query<[count: number]>({ name: 'comments-waiting', text: COUNT_WAITING, values: [] });
      return row![0];
    },
  });
}

export interface MetricsServer {
  url: string;
  close(): Promise<void>;
}

/** Serves the metrics on METRICS_PORT; null when it names no port. */
export async function serveMetrics(
  { metrics }: Observer,
  { metricsPort: port, host }: Pick<Config, 'metricsPort' | 'host'>,
): Promise<MetricsServer | null> {
  if (!metrics || typeof port !== 'number') return null;
  const server = createMetricsServer(metrics);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, resolve);
  });
  return { url: addressOf(server, host, METRICS_PATH), close: () => closeServer(server) };
}

/** The address of a path of a server that listens. */
export function addressOf(server: Server, host: string, path: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
