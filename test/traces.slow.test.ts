import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { type Closers, closeAll } from './closers.ts';
import { type Collector, type ReceivedSpan, startCollector } from './collector.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { JWT_SECRET, until } from './gateway.ts';
import { ADD_COMMENT, ARTICLE, COMMENT_ADDED, commentInput, post } from './http/requests.ts';
import { openSocket } from './protocol/socket.ts';
import { write } from './seed.ts';
import { type Running, serve } from './serve.ts';

const PAGE = `query ArticlePage($slug: String!) {
  article(slug: $slug) {
    title body { html } author { name } liveCursor
    oldest: comments(first: 1, orderBy: OLDEST) { nodes { id } }
    comments(first: 2) { nodes { author { name } body { html } replies(first: 1) { nodes { author { name } } } } }
  }
}`;
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
/** Sends the parts of the program that have been loaded. */
const REPORT_SCRIPTS = `data:text/javascript,import { Session } from 'node:inspector';
  const scripts = [];
  const session = new Session();
  session.connect();
  session.on('Debugger.scriptParsed', ({ params }) => scripts.push(params.url));
  session.post('Debugger.enable');
  process.on('message', () => process.send(scripts));`;

let database: TestDatabase;
let collector: Collector;
const closers: Closers = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  await write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }], comments: [{ id: 1, article: 1 }] });
  await sql.end();
});

afterAll(() => database.drop());

afterEach(() => closeAll(closers));

async function start(environment: Record<string, string> = {}, until: Closers = closers): Promise<Running> {
  return serve(await environmentWith(environment, until), until);
}

async function environmentWith(environment: Record<string, string>, until: Closers): Promise<Record<string, string>> {
  const own = await startCollector();
  until.push(() => own.close());
  collector = own;
  return {
    DATABASE_URL: database.url,
    JWT_SECRET,
    RATE_LIMITS: 'off',
    CACHE_SIZE: '0',
    LOG_OPERATIONS: '1',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '50',
    ...environment,
  };
}

const named =
  (name: string) =>
  (span: ReceivedSpan): boolean =>
    span.name === name;

describe('a trace', () => {
  const ownClosers: Closers = [];
  let gateway: Running;

  beforeAll(async () => {
    gateway = await start(
      {
        OTEL_SERVICE_NAME: 'news',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
        OTEL_EXPORTER_OTLP_HEADERS: 'api-key=secret-of-the-service',
      },
      ownClosers,
    );
  });

  afterAll(() => closeAll(ownClosers));

  it('of an article page has the SQL statements of the page as children, within its time', async () => {
    const { headers } = await post(gateway, { query: PAGE, variables: { slug: 'article-1' } });
    const page = await collector.arrived('the page', named('query ArticlePage'));
    expect(page).toMatchObject({
      kind: 2,
      attributes: {
        'graphql.operation.type': 'query',
        'graphql.operation.name': 'ArticlePage',
        'broadsheet.request': headers['x-request-id'],
        'broadsheet.transport': 'http',
        'broadsheet.cache_hit': false,
      },
      status: {},
    });
    expect(page.parentSpanId).toBeUndefined();
    const statements = collector.childrenOf(page);
    expect(statements.map(({ name }) => name)).toEqual(['BEGIN; SELECT', 'SELECT', 'COMMIT']);
    expect(page.attributes['broadsheet.statements']).toBe(4);
    for (const span of statements) {
      expect(span).toMatchObject({ kind: 3, traceId: page.traceId, attributes: { 'db.system.name': 'postgresql' } });
      expect(BigInt(span.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(page.startTimeUnixNano));
      expect(BigInt(span.endTimeUnixNano)).toBeLessThanOrEqual(BigInt(page.endTimeUnixNano));
    }
    expect(statements[0]!.attributes['db.query.text']).toMatch(/^BEGIN ISOLATION.*;\n.*FROM article/s);
    expect(collector.resource).toMatchObject({ 'service.name': 'news', 'deployment.environment.name': 'test' });
    expect(collector.paths[0]).toBe('/v1/traces');
    expect(collector.headers[0]!['api-key']).toBe('secret-of-the-service');
    expect(gateway.log).toContain(`"traceId":"${page.traceId}"`);
  });

  it('of a comment has the rendering of its text, its transaction and the wake-up of other gateways, and nothing that was written', async () => {
    const before = await openAcknowledged(gateway, {});
    before.subscribe('1', COMMENT_ADDED, { variables: { id: ARTICLE } });
    await until('the subscription is live', async () =>
      /^broadsheet_live_subscriptions 1$/m.test(await (await fetch(new URL('/metrics', gateway.url))).text()),
    );
    await post(gateway, { query: ADD_COMMENT, variables: commentInput('a-secret-word') });
    const comment = await collector.arrived('the comment', ({ name }) => name === 'mutation');
    await collector.arrived('its wake-up', named('publish wake-up'));
    const names = collector.childrenOf(comment).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['render text', 'COMMIT', 'publish wake-up']));
    const rendering = await collector.arrived('the rendering for subscribers', named('render events'));
    expect(rendering.attributes['broadsheet.events']).toBe(1);
    expect(JSON.stringify(collector.spans)).not.toMatch(/a-secret-word|ann@example\.com/);
    await before.close();
  });

  it('continues that of the sender: of traceparent over HTTP, and in connection_init', async () => {
    const traceparent = `00-${TRACE}-${SPAN}-01`;
    await post(gateway, { query: 'query OverHttp { viewer { role } }' }, { traceparent });
    for (const [name, payload] of Object.entries({
      InPayload: { traceparent },
      InHeaders: { headers: { traceparent } },
    })) {
      const socket = await openAcknowledged(gateway, payload);
      socket.subscribe('1', `query ${name} { viewer { role } }`);
      await socket.ended('1');
      await socket.close();
    }
    for (const name of ['query OverHttp', 'query InPayload', 'query InHeaders'])
      expect(await collector.arrived(name, named(name))).toMatchObject({ traceId: TRACE, parentSpanId: SPAN });
  });

  it('is not made when the sender does not sample it', async () => {
    const traceparent = `00-${TRACE}-${SPAN}-00`;
    await post(gateway, { query: 'query NotSampled { viewer { role } }' }, { traceparent });
    await post(gateway, { query: 'query Sampled { viewer { role } }' });
    await collector.arrived('the other', named('query Sampled'));
    expect(collector.spans.filter(({ name }) => name.includes('NotSampled'))).toEqual([]);
  });
});

describe('a trace, as configured,', () => {
  it('is not made with OTEL_TRACES_SAMPLER=always_off', async () => {
    const silent = await start({ OTEL_TRACES_SAMPLER: 'always_off' });
    await post(silent, { query: 'query NotSampled { viewer { role } }' });
    silent.child.kill('SIGTERM');
    expect(await silent.ended).toBe(0);
    expect(collector.spans).toEqual([]);
  });

  it('is made of a part of the operations with OTEL_TRACES_SAMPLER=traceidratio', async () => {
    const gateway = await start({ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' });
    const count = 200;
    for (let i = 0; i < count; i++) await post(gateway, { query: 'query Sampled { viewer { role } }' });
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
    // That none or all of 200 are sampled has a probability of 2^-199.
    const { length } = collector.spans.filter(named('query Sampled'));
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThan(count);
  });

  it('is sent when the gateway stops, and marks faults, not errors of clients', async () => {
    const gateway = await start({ OTEL_BSP_SCHEDULE_DELAY: '600000' });
    await post(gateway, { query: 'query Wrong { nothing }' });
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
    const [span] = collector.spans;
    expect(span).toMatchObject({ name: 'query Wrong', attributes: { 'error.type': 'GRAPHQL_VALIDATION_FAILED' } });
    expect(span!.status.code ?? 0).toBe(0);
  });
});

describe('the packages of OpenTelemetry', () => {
  it.each([
    ['are loaded with an address', {}, true],
    ['are not loaded without one', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
  ])('%s', async (_, environment, areLoaded) => {
    const all = await environmentWith(environment as Record<string, string>, closers);
    const gateway = await serve(all, closers, ['--import', REPORT_SCRIPTS]);
    await post(gateway, { query: PAGE, variables: { slug: 'article-1' } });
    const scripts = await scriptsOf(gateway);
    expect(scripts.some((url) => /\/main\.js$/.test(url))).toBe(true);
    // The only module that has the packages.
    expect(scripts.some((url) => /\/otlp-traces-\w+\.js$/.test(url))).toBe(areLoaded);
  });

  it.each([
    [{}, true],
    [{ OTEL_SDK_DISABLED: 'true' }, false],
    [{ OTEL_TRACES_EXPORTER: 'none' }, false],
  ])('are wanted with an address and %j: %s', (environment, areWanted) => {
    const address = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
    expect(readConfig({ ...address, ...environment }).sendsTraces).toBe(areWanted);
  });
});

it('a collector that does not answer changes no answer, does not keep the gateway from stopping, and is in the log', async () => {
  const gateway = await start({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
  });
  for (let i = 0; i < 3; i++) {
    const { json } = await post(gateway, { query: 'query Asked { viewer { role } }' });
    expect(json.data).toEqual({ viewer: null });
  }
  await until('the failure is in the log', () => gateway.log.includes('Traces could not be sent'), { limit: 60_000 });
  gateway.child.kill('SIGTERM');
  expect(await gateway.ended).toBe(0);
});

function scriptsOf({ child }: Running): Promise<string[]> {
  return new Promise((resolve) => {
    child.once('message', (scripts) => resolve(scripts as string[]));
    child.send('scripts');
  });
}

async function openAcknowledged(gateway: { url: string }, payload: object) {
  const socket = await openSocket(gateway);
  socket.send({ type: 'connection_init', payload });
  await socket.acknowledged();
  return socket;
}
