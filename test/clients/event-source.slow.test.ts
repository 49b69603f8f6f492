import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../../schema/content/ids.ts';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { addComment } from '../http/requests.ts';
import { startProxy, type TestProxy } from '../proxy.ts';
import { write } from '../seed.ts';

const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (!BROWSER) console.warn('No Chromium is installed, so EventSource is not tested in a browser.');

const EVENTS = `subscription ($id: ID!) { commentEvents(articleId: $id) {
  __typename ... on CommentAdded { comment { body { text } } } } }`;

interface Report {
  /** The parameter of the page's address. */
  name: string;
  kind: 'next' | 'complete' | 'error';
  /** Of the EventSource: 2 when it does not connect again. */
  state: number;
  data?: string;
}

/** A page with nothing but an EventSource, which reports each of its events in order. */
const PAGE = `<!doctype html><script>
  const { name, url } = Object.fromEntries(new URLSearchParams(location.search));
  let reporting = Promise.resolve();
  const source = new EventSource(url);
  for (const kind of ['next', 'complete', 'error'])
    source.addEventListener(kind, ({ data }) => {
      const body = JSON.stringify({ name, kind, state: source.readyState, data });
      reporting = reporting.then(() => fetch('/report', { method: 'POST', body }));
    });
</script>`;

describe.runIf(BROWSER)("a browser's EventSource", () => {
  let gateway: TestGateway;
  let proxy: TestProxy;
  let site: Server;
  let directory: string;
  const reports: Report[] = [];
  const browsers: ChildProcess[] = [];

  beforeAll(async () => {
    gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }, { id: 2 }] }), {
      CORS_ORIGINS: '*',
    });
    proxy = await startProxy(Number(new URL(gateway.url).port));
    directory = await mkdtemp(join(tmpdir(), 'broadsheet-browser-'));
    site = createServer(async (request, response) => {
      if (request.method === 'POST') reports.push(JSON.parse(await text(request)));
      response.setHeader('content-type', 'text/html').end(PAGE);
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  });

  afterAll(async () => {
    for (const browser of browsers) {
      const exited = new Promise((resolve) => browser.once('exit', resolve));
      browser.kill('SIGKILL');
      await exited;
    }
    await proxy.close();
    site.closeAllConnections();
    await new Promise((resolve) => site.close(resolve));
    await gateway.stop();
    // Processes of the browser may still write into it.
    await rm(directory, { recursive: true, force: true, maxRetries: 20 });
  });

  /** Opens a page in a browser of its own. @returns what it has reported */
  function open(name: string, query: string, variables: object = {}): { of(kind: Report['kind']): Report[] } {
    const url = new URL(gateway.url.replace(/:\d+\//, `:${proxy.port}/`));
    url.search = `${new URLSearchParams({ query, variables: JSON.stringify(variables) })}`;
    const { port } = site.address() as AddressInfo;
    const page = `http://127.0.0.1:${port}/?${new URLSearchParams({ name, url: url.href })}`;
    const options = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];
    browsers.push(spawn(BROWSER!, [...options, `--user-data-dir=${join(directory, name)}`, page], { stdio: 'ignore' }));
    return { of: (kind) => reports.filter((report) => report.name === name && report.kind === kind) };
  }

  /** Waits longer than `until`: a browser takes its time to start, and to connect again. */
  async function eventually(what: string, holds: () => boolean): Promise<void> {
    const end = Date.now() + 60_000;
    while (!holds()) {
      if (Date.now() > end) throw new Error(`Waited 60 s until ${what}. Reports: ${JSON.stringify(reports)}`);
      await until(what, holds).catch(() => undefined);
    }
  }

  it('connects again by itself when its connection is lost, and gets each event once', {
    timeout: 240_000,
  }, async () => {
    const page = open('events', EVENTS, { id: encodeId('Article', 1) });
    const texts = (): string[] =>
      page.of('next').flatMap(({ data }) => JSON.parse(data!).data.commentEvents.comment?.body.text ?? []);
    await eventually('it has caught up', () => page.of('next').length > 0);
    const added: string[] = [];
    async function add(): Promise<void> {
      for (let i = 0; i < 3; i++) {
        added.push(`Comment ${added.length + 1}`);
        await addComment(gateway, added.at(-1)!);
      }
    }
    await add();
    for (let cuts = 1; cuts <= 3; cuts++) {
      await eventually('all comments are there', () => texts().length >= added.length);
      proxy.closeConnections();
      await eventually('it has noticed', () => page.of('error').length >= cuts);
      await add();
    }
    await eventually('all comments are there', () => texts().length >= added.length);
    expect(texts()).toEqual(added);
    expect(page.of('error').every(({ state }) => state === 0)).toBe(true);
    expect(page.of('complete')).toEqual([]);
  });

  it('stops for good after `complete`', { timeout: 240_000 }, async () => {
    const query = open('query', '{ __typename }');
    await eventually('the query has stopped', () => query.of('error').some(({ state }) => state === 2));
    expect(query.of('next').map(({ data }) => JSON.parse(data!))).toEqual([{ data: { __typename: 'Query' } }]);
    expect(query.of('complete')).toHaveLength(1);

    const page = open('deleted', EVENTS, { id: encodeId('Article', 2) });
    await eventually('it has caught up', () => page.of('next').length > 0);
    await gateway.sql.query('DELETE FROM article WHERE id = 2');
    await eventually('it has stopped', () => page.of('error').some(({ state }) => state === 2));
    const [, last, ...others] = page.of('next').map(({ data }) => JSON.parse(data!));
    expect(last.errors[0].extensions).toEqual({ code: 'NOT_FOUND', retryable: false });
    expect(others).toEqual([]);
    expect(page.of('complete')).toHaveLength(1);
  });
});
