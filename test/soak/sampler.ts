import pg from 'pg';
import type { Node } from '../chaos/node.ts';
import type { Reading, TableSize } from './reading.ts';

/** Tables whose rows are deleted soon, so that their size says nothing of their rows. */
const QUEUES: ReadonlySet<string> = new Set([
  ...['comment_event', 'content_change', 'content_change_horizon', 'rate_limit', 'comment_reaction_notice'],
  ...['author_notice', 'stale_name', 'search_rebuild', 'maintenance_task'],
]);

const COUNT_ACTIVITY = `SELECT
  (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())::int AS connections,
  (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start < now() - interval '1 minute')::int AS old,
  (SELECT count(*) FROM pg_locks)::int AS locks`;

const LIST_TABLES = `SELECT relname AS name FROM pg_class
  WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> '_prisma_migrations'`;

/** Takes readings of a gateway and its database. */
export class Sampler {
  readonly readings: Reading[] = [];
  readonly #node: Node;
  readonly #databaseUrl: string;
  readonly #start = performance.now();
  #sql: pg.Client | null = null;

  constructor(node: Node, databaseUrl: string) {
    this.#node = node;
    this.#databaseUrl = databaseUrl;
  }

  /** Minutes since the start. */
  get elapsed(): number {
    return (performance.now() - this.#start) / 60_000;
  }

  /** Takes one reading. What does not answer, because it is being restarted, is left out. */
  async sample(): Promise<void> {
    const at = this.elapsed;
    const [gateway, database] = await Promise.all([
      this.#readGateway().catch(() => []),
      this.#readDatabase().catch(() => this.close().then(() => null)),
    ]);
    const values = new Map([...gateway, ...(database?.values ?? [])]);
    this.readings.push({ at, values, tables: database?.tables ?? [] });
  }

  /** Notes the heap of the gateway without garbage. */
  async sampleHeap(): Promise<void> {
    const values = new Map([['heap without garbage', (await this.#node.collectGarbage()) / 1e6]]);
    this.readings.push({ at: this.elapsed, values, tables: [] });
  }

  async close(): Promise<void> {
    const sql = this.#sql;
    this.#sql = null;
    await sql?.end().catch(() => {});
  }

  async #readGateway(): Promise<[string, number][]> {
    const response = await fetch(new URL('/metrics', this.#node.url), { signal: AbortSignal.timeout(5_000) });
    const text = await response.text();
    const figure = (name: string): number => {
      const lines = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
      if (lines.length === 0) throw new Error(`/metrics has no ${name}.`);
      return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    };
    const optional = (name: string): number => (text.includes(name) ? figure(name) : 0);
    return [
      ['memory (RSS)', figure('process_resident_memory_bytes') / 1e6],
      ['heap, all pages', figure('nodejs_heap_size_total_bytes') / 1e6],
      [
        'memory outside of V8',
        (figure('process_resident_memory_bytes') -
          figure('nodejs_heap_size_total_bytes') -
          figure('nodejs_external_memory_bytes')) /
          1e6,
      ],
      ['kept responses (MB)', figure('broadsheet_cache_bytes') / 1e6],
      ['buffers, least', figure('nodejs_external_memory_bytes') / 1e6],
      ['file descriptors', figure('process_open_fds')],
      ['active resources', figure('nodejs_active_resources_total')],
      ['timers', optional('nodejs_active_resources{type="Timeout"}')],
      ['database connections', figure('broadsheet_database_connections')],
      ['sockets and streams', figure('broadsheet_sockets') + figure('broadsheet_streams')],
      ['subscription groups', figure('broadsheet_subscription_groups')],
      ['followed logs', figure('broadsheet_followed_logs')],
      ['delay of the event loop', figure('nodejs_eventloop_lag_mean_seconds') * 1_000],
    ];
  }

  async #readDatabase(): Promise<{ values: [string, number][]; tables: TableSize[] }> {
    const sql = await this.#connect();
    const { rows: activity } = await sql.query(COUNT_ACTIVITY);
    const { connections, old, locks } = activity[0];
    const tables = await readSizes(sql);
    const rowsOf = (...names: string[]): number =>
      sum(
        tables.filter(({ name }) => names.includes(name)),
        'rows',
      );
    const lasting = tables.filter(({ name }) => !QUEUES.has(name));
    const queues = tables.filter(({ name }) => QUEUES.has(name));
    const values: [string, number][] = [
      ['connections to the database', connections],
      ['transactions open for a minute', old],
      ['locks', locks],
      ['event log', rowsOf('comment_event')],
      ['changes for kept responses', rowsOf('content_change')],
      ['notices that wait', rowsOf('comment_reaction_notice', 'author_notice', 'stale_name', 'search_rebuild')],
      ['dead rows, share', (100 * sum(lasting, 'dead')) / (sum(lasting, 'rows') + sum(lasting, 'dead'))],
      ['tables of short-lived rows', (sum(queues, 'bytes') + sum(queues, 'indexBytes')) / 1e3],
    ];
    return { values, tables: lasting };
  }

  async #connect(): Promise<pg.Client> {
    if (this.#sql) return this.#sql;
    const sql = new pg.Client({
      connectionString: this.#databaseUrl,
      connectionTimeoutMillis: 5_000,
      query_timeout: 10_000,
    });
    sql.on('error', () => {
      this.#sql = null;
    });
    await sql.connect();
    this.#sql = sql;
    return sql;
  }
}

async function readSizes(sql: pg.Client): Promise<TableSize[]> {
  const { rows: names } = await sql.query<{ name: string }>(LIST_TABLES);
  const sizes = names.map(
    ({ name }) => `SELECT '${name}' AS name, (SELECT count(*) FROM "${name}")::int AS rows,
      pg_stat_get_dead_tuples('"${name}"'::regclass)::int AS dead, pg_table_size('"${name}"')::int AS bytes,
      pg_indexes_size('"${name}"')::int AS "indexBytes"`,
  );
  return (await sql.query<TableSize>(sizes.join(' UNION ALL '))).rows;
}

function sum(tables: readonly TableSize[], of: keyof Omit<TableSize, 'name'>): number {
  return tables.reduce((total, table) => total + table[of], 0);
}
