import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { encodeId } from '../schema/content/ids.ts';
import { asSeen } from './as-seen.ts';
import { type Closers, closeAll } from './closers.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { ADD_COMMENT, ARTICLE, COMMENT_ADDED, commentInput, post, send } from './http/requests.ts';
import { missingIn, readExpression, readSeries, type Series } from './promql.ts';
import { write } from './seed.ts';

const FOLDER = join(import.meta.dirname, '../src/observability');

interface Query {
  place: string;
  expression: string;
  /** Labels that are shown beside a value. */
  shown: string[];
}

/** The queries of the dashboard, with Grafana's variables as Grafana fills them in. */
async function dashboardQueries(): Promise<Query[]> {
  const { panels } = JSON.parse(await readFile(join(FOLDER, 'grafana-dashboard.json'), 'utf8')) as {
    panels: { title: string; targets?: { expr: string; legendFormat: string }[] }[];
  };
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({
      place: title,
      expression: expr.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*'),
      shown: [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!),
    })),
  );
}

async function alertQueries(): Promise<Query[]> {
  const { groups } = parse(await readFile(join(FOLDER, 'prometheus-alerts.yaml'), 'utf8')) as {
    groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[];
  };
  return groups
    .flatMap(({ rules }) => rules)
    .map(({ alert, expr, annotations }) => ({
      place: alert,
      expression: expr,
      shown: [...annotations.summary.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label!),
    }));
}

const closers: Closers = [];
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(
    (sql) =>
      write(sql, {
        authors: [{ id: 1 }],
        articles: [{ id: 1 }, { id: 2, policy: 'MODERATED' }],
        comments: [{ id: 1, article: 1 }],
      }),
    { CACHE_SIZE: '1000000', COST_LIMIT: '1000', LOG_LEVEL: 'silent' },
  );
  closers.push(() => gateway.stop());
});

afterAll(() => closeAll(closers));

async function seriesOf({ url, metricsUrl }: TestGateway): Promise<Series[]> {
  return readSeries(await (await fetch(metricsUrl ?? new URL('/metrics', url))).text());
}

/** The value of one series; NaN for none. */
async function value(name: string, labels: Record<string, string> = {}): Promise<number> {
  const found = (await seriesOf(gateway)).find(
    (one) => one.name === name && Object.entries(labels).every(([label, text]) => one.labels[label] === text),
  );
  return found?.value ?? Number.NaN;
}

/** What a figure grows by while something is done. It is read until it has, since a request is counted when its response has left. */
async function growth(name: string, labels: Record<string, string>, work: () => Promise<unknown>): Promise<number> {
  const before = (await value(name, labels)) || 0;
  await work();
  await until(`${name} has grown`, async () => (await value(name, labels)) > before);
  return (await value(name, labels)) - before;
}

const MODERATE = 'mutation ($input: ModerateCommentsInput!) { moderateComments(input: $input) { __typename } }';
const PAGE = 'query ArticlePage { article(slug: "article-1") { title comments(first: 2) { nodes { id } } } }';

/** Something of everything that a site does. */
async function makeTraffic(): Promise<void> {
  // A process that has just started may have collected no garbage.
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  for (let i = 0; i < 3; i++) await gateway.ask(PAGE);
  const events = gateway.subscribe(COMMENT_ADDED, { id: ARTICLE });
  await until('the subscription is live', async () => (await gateway.metrics()).live_subscriptions === 1);
  await gateway.ask(ADD_COMMENT, commentInput('A text'));
  await events.arrived(1);
  await events.stop();
  await gateway.ask(ADD_COMMENT, commentInput('It waits', encodeId('Article', 2)));
  await gateway.ask('{ nothing }');
  // Statements fail in it.
  await gateway.sql.query('ALTER TABLE topic RENAME TO hidden_topic');
  await gateway.ask('{ topics(first: 1) { nodes { slug } } }');
  await gateway.sql.query('ALTER TABLE hidden_topic RENAME TO topic');
}

describe('the dashboard and the alerts', () => {
  it('name metrics, labels and values of labels that a gateway with traffic exports', async () => {
    await makeTraffic();
    const series = await seriesOf(gateway);
    const queries = [...(await dashboardQueries()), ...(await alertQueries())];
    expect(queries.length).toBeGreaterThan(60);
    const missing = queries.map(({ place, expression, shown }) => ({
      place,
      missing: missingIn(expression, series, shown),
    }));
    expect(missing.filter((one) => one.missing.length > 0)).toEqual([]);
  });

  it('show every metric of the gateway', async () => {
    const named = new Set(
      [...(await dashboardQueries()), ...(await alertQueries())].flatMap(({ expression }) =>
        readExpression(expression).selectors.map(({ name }) => name.replace(/_(bucket|count|sum)$/, '')),
      ),
    );
    const own = (await seriesOf(gateway)).filter(({ name }) => name.startsWith('broadsheet_'));
    expect(own.map(({ name }) => name.replace(/_(bucket|count|sum)$/, '')).filter((name) => !named.has(name))).toEqual(
      [],
    );
  });

  it('would be found to name what is missing', async () => {
    const series = readSeries('a_seconds_bucket{le="1",kind="x"} 3\nb_total 4\n');
    expect(missingIn('sum by (le) (rate(a_seconds_bucket{kind="x"}[5m])) / b_total > 1e-3', series)).toEqual([]);
    for (const wrong of [
      'rate(c_total[5m])',
      'b_total{kind="x"}',
      'a_seconds_bucket{kind="y"}',
      'sum by (other) (b_total)',
      'a_seconds_bucket{kind!~"x|y"}',
    ])
      expect(missingIn(wrong, series), wrong).toHaveLength(1);
    expect(missingIn('b_total', series, ['kind'])).toEqual(['label kind']);
  });
});

describe('the figures', () => {
  it('count an operation by kind, name, transport, cost and error', async () => {
    for (let i = 0; i < 10; i++) await gateway.ask(PAGE);
    const page = { kind: 'query', operation: 'ArticlePage' };
    expect(await growth('broadsheet_operation_duration_seconds_count', page, () => gateway.ask(PAGE))).toBe(1);
    const ask = (query: string) => () => gateway.ask(query);
    expect(await growth('broadsheet_operation_cost_points_count', { kind: 'query' }, ask(PAGE))).toBe(1);
    expect(await growth('broadsheet_operations_total', { transport: 'http' }, ask(PAGE))).toBe(1);
    const code = 'GRAPHQL_VALIDATION_FAILED';
    expect(await growth('broadsheet_operation_errors_total', { code }, ask('{ nothing }'))).toBe(1);
  });

  it('count what is refused by its reason', async () => {
    const expensive = '{ articles(first: 50) { nodes { comments(first: 50) { nodes { id } } } } }';
    const refused: Record<string, () => Promise<unknown>> = {
      document: () => gateway.ask('{ nothing }'),
      cost_limit: () => gateway.ask(expensive),
      token: () => post(gateway, { query: PAGE }, { authorization: 'Bearer x' }),
    };
    for (const [reason, work] of Object.entries(refused))
      expect(await growth('broadsheet_rejections_total', { reason }, work), reason).toBe(1);
  });

  it('count comments that are held and decided about', async () => {
    const moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
    const waiting = await value('broadsheet_comments_waiting');
    const article = encodeId('Article', 2);
    const add = (): Promise<unknown> => gateway.ask(ADD_COMMENT, commentInput('One more', article));
    expect(await growth('broadsheet_comments_held_total', {}, add)).toBe(1);
    expect(await value('broadsheet_comments_waiting')).toBe(waiting + 1);
    const { rows } = await gateway.sql.query('SELECT max(id)::int AS id FROM comment');
    const input = { action: 'APPROVE', comments: await asSeen(gateway.sql, [encodeId('Comment', rows[0].id)]) };
    const decide = (): Promise<unknown> => moderator.ask(MODERATE, { input });
    expect(await growth('broadsheet_comments_decided_total', { action: 'APPROVE' }, decide)).toBe(1);
    expect(await value('broadsheet_comments_waiting')).toBe(waiting);
  });

  it('give names of their own to a hundred operations that are asked for often, whatever clients send', async () => {
    const ask = (name: string) => post(gateway, { query: `query ${name} { __typename }` });
    await Promise.all(Array.from({ length: 10 * 120 }, (_, i) => ask(`Often${Math.floor(i / 10)}`)));
    await Promise.all(Array.from({ length: 100 }, (_, i) => ask(`Once${i}`)));
    await until('all are counted', async () => (await gateway.metrics()).requests === 0);
    const names = (await seriesOf(gateway))
      .filter(({ name }) => name === 'broadsheet_operation_duration_seconds_count')
      .map(({ labels }) => labels.operation!);
    expect(new Set(names.filter((name) => !name.startsWith('(')))).toHaveLength(100);
    expect(names).toContain('(other)');
    expect(names.filter((name) => name.startsWith('Once'))).toEqual([]);
  });

  it('have the state of connections, statements and jobs, and the delay of the event loop', async () => {
    const names = new Set((await seriesOf(gateway)).map(({ name }) => name));
    for (const name of [
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_heap_size_used_bytes',
    ])
      expect(names, name).toContain(name);
    expect(await value('broadsheet_database_connections_max')).toBe(10);
    expect(
      await growth('broadsheet_statement_duration_seconds_count', { share: 'write' }, () =>
        gateway.ask(ADD_COMMENT, commentInput('And one')),
      ),
    ).toBeGreaterThan(0);
    await until('a job has run', async () => (await value('broadsheet_job_steps_total', { name: 'prune-keys' })) > 0);
  });

  it('show statements that wait for a connection while others have all of them', async () => {
    const few = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }), {
      DATABASE_CONNECTIONS: '2',
    });
    closers.push(() => few.stop());
    const other = await few.secondConnection();
    await other.query('BEGIN');
    await other.query('LOCK TABLE article');
    const answers = Array.from({ length: 8 }, (_, i) => few.ask(`{ article(slug: "article-${i}") { title } }`));
    await until('statements wait', async () => {
      const waiting = (await seriesOf(few)).filter(({ name }) => name === 'broadsheet_database_waiting');
      return waiting.reduce((sum, one) => sum + one.value, 0) >= 5;
    });
    await other.query('COMMIT');
    await other.end();
    await Promise.all(answers);
  });
});

describe('where the figures are', () => {
  it('is a port of their own with METRICS_PORT, and then not the port of the graph', async () => {
    const own = await startGateway(undefined, { METRICS_PORT: '0' });
    closers.push(() => own.stop());
    expect((await fetch(new URL('/metrics', own.url))).status).toBe(404);
    expect((await seriesOf(own)).map(({ name }) => name)).toContain('broadsheet_sockets');
    expect((await fetch(new URL('/graphql', own.metricsUrl!))).status).toBe(404);
  });

  it('is nowhere with METRICS_PORT=off', async () => {
    const without = await startGateway(undefined, { METRICS_PORT: 'off' });
    closers.push(() => without.stop());
    expect(without.metricsUrl).toBeNull();
    expect((await fetch(new URL('/metrics', without.url))).status).toBe(404);
    expect((await without.ask(PAGE)).status).toBe(200);
  });

  it('is for this machine alone without METRICS_PORT: not for clients of a proxy on it, nor for other machines', async () => {
    for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'])
      expect((await send(gateway, '/metrics', { headers: { [header]: '127.0.0.1' } })).status, header).toBe(403);
    expect((await send(gateway, '/metrics')).status).toBe(200);
    const address = Object.values(networkInterfaces())
      .flat()
      .find((one) => one && !one.internal && one.family === 'IPv4')?.address;
    if (address === undefined) return;
    const open = await startGateway(undefined, { HOST: '0.0.0.0' });
    closers.push(() => open.stop());
    const { port } = new URL(open.url);
    expect((await fetch(`http://${address}:${port}/metrics`)).status).toBe(403);
    expect((await fetch(`http://${address}:${port}/health`)).status).toBe(200);
  });
});
