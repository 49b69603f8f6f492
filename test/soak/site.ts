import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/database/migrate/migrate.ts';
import { projectRoot } from '../../src/root.ts';
import { Node } from '../chaos/node.ts';
import { prepareImports, type SiteImports } from '../chaos/walk-imports.ts';
import { createLedger } from '../chaos/walk-ledger.ts';
import { type Entrances, openEntrances, proxyTo } from '../chaos/walk-people.ts';
import type { Closers } from '../closers.ts';
import { tokenOf } from '../gateway.ts';
import { type PostgresServer, startPostgres } from '../postgres-server.ts';
import type { TestProxy } from '../proxy.ts';
import { write } from '../seed.ts';
import { GatewayLog } from './gateway-log.ts';
import type { Outages } from './outages.ts';

/** Two built gateways as they run in production, and their database. */
export interface Site {
  postgres: PostgresServer;
  /** Between the gateways and the database. */
  databaseProxy: TestProxy;
  /** The first stays up. */
  nodes: readonly [Node, Node];
  logs: readonly [GatewayLog, GatewayLog];
  entrances: Entrances;
  imports: SiteImports;
  /** The database itself. It connects again after each restart. */
  sql: pg.Client;
  /** The header of an admin. */
  staff: string;
}

/** Options of Node with which `npm start` runs a gateway. */
const NODE_OPTIONS = '--max-old-space-size=1024 --max-semi-space-size=16 --v8-pool-size=1';

/** Keeping for minutes what a site keeps for days or years, so that what is deleted and what is written are soon level. */
const ENVIRONMENT = {
  NODE_ENV: 'production',
  NODE_OPTIONS,
  RATE_LIMITS: 'postgres',
  TRUST_PROXY: '1',
  // All followers have one address.
  COST_BUDGET: '1000000000',
  CACHE_SIZE: '8000000',
  PUBLIC_URL: 'https://blog.example/',
  EVENTS_KEPT: '2m',
  REMOVED_TEXTS_KEPT: '2m',
  VERSIONS_KEPT: '2m',
  REPORTS_KEPT: '2m',
  GUEST_EMAILS_KEPT: '10m',
};

export interface SiteOptions {
  outages: Outages;
  /** Hours for which the token of the staff holds. */
  hours: number;
  /** Further options of Node for the gateways. */
  nodeOptions: string;
}

export async function openSite({ outages, hours, nodeOptions }: SiteOptions, closers: Closers): Promise<Site> {
  const postgres = await startPostgres();
  closers.push(() => postgres.close());
  await migrate(postgres.url);
  const pool = new pg.Pool({ connectionString: postgres.url, max: 2 });
  pool.on('error', () => {});
  closers.push(() => pool.end());
  // Only its `query` is used, outside of transactions.
  const sql = pool as unknown as pg.Client;
  await write(sql, { authors: [{ id: 1 }] });
  await createLedger(sql);
  const databaseProxy = await proxyTo(postgres.port, closers);
  const databaseUrl = postgres.url.replace(`:${postgres.port}/`, `:${databaseProxy.port}/`);
  const logs = [
    new GatewayLog(outages, ['database']),
    new GatewayLog(outages, ['database', 'second gateway']),
  ] as const;
  const environment = { ...ENVIRONMENT, NODE_OPTIONS: `${NODE_OPTIONS} ${nodeOptions}` };
  const [first, second] = await Promise.all(
    logs.map((log) =>
      Node.start(
        {
          databaseUrl,
          redisUrl: null,
          clock: 0,
          environment,
          program: join(projectRoot, 'dist', 'main.js'),
          onOutput: (text) => log.add(text),
        },
        closers,
      ),
    ),
  );
  const nodes = [first!, second!] as const;
  return {
    postgres,
    databaseProxy,
    nodes,
    logs,
    entrances: await openEntrances(nodes, closers),
    imports: await prepareImports(postgres.url, closers),
    sql,
    staff: `Bearer ${await tokenOf({ name: 'Staff', role: 'ADMIN', expires: `${Math.ceil(hours) + 1} hours` })}`,
  };
}
