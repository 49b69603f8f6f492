import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { startEmbedded } from '../src/database/embedded/embedded.ts';
import { processName } from '../src/database/embedded/orphans.ts';
import { post } from './chaos/post.ts';
import { isSoak } from './chaos/size.ts';
import { closeAll } from './closers.ts';
import { until } from './gateway.ts';
import { type Running, serve } from './serve.ts';

/** The test repeats these kinds of kills in this order. */
const KINDS = ['the postmaster', 'its process group', 'every process', 'it again while it starts'] as const;
const KILLS = Array.from({ length: isSoak ? 10 : KINDS.length }, (_, n) => KINDS[n % KINDS.length]!);

const ARTICLE = `
  INSERT INTO author (id, slug, name, kind) VALUES (1000000, 'writer', 'Writer', 'STAFF');
  INSERT INTO article (id, slug, title, excerpt, body_source, body_html, body_text, status, published_at, author_id)
    VALUES (1000000, 'first', 'First', '', '', '', '', 'PUBLISHED', now(), 1000000)`;
const ARTICLE_ID = encodeId('Article', 1_000_000);

const WRITE = `mutation ($input: AddCommentInput!) {
  addComment(input: $input) { __typename ... on AddCommentSuccess { comment { id } } } }`;
const READ = '{ article(slug: "first") { title comments(first: 20) { nodes { id body { html } } } } }';
const FOLLOW = `subscription ($id: ID!) { commentAdded(articleId: $id) { id } }`;

const closers: (() => unknown)[] = [];
let dataDir: string;

afterEach(() => closeAll(closers));

async function makeDataDir(): Promise<void> {
  dataDir = await mkdtemp(join(tmpdir(), 'broadsheet-restart-'));
  await chmod(dataDir, 0o755);
  closers.push(() => rm(dataDir, { recursive: true }));
}

async function postmasterPid(): Promise<number> {
  const text = await readFile(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8').catch(() => '');
  return Number(text.split('\n')[0]);
}

/** The processes of the server besides its postmaster. */
function serverProcesses(): number[] {
  const title = `postgres: ${processName({ data: join(dataDir, 'postgres/data') })}: `;
  return readdirSync('/proc').flatMap((entry) => {
    try {
      return /^\d+$/.test(entry) && readFileSync(`/proc/${entry}/cmdline`, 'utf8').startsWith(title)
        ? Number(entry)
        : [];
    } catch {
      return [];
    }
  });
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

async function kill(kind: (typeof KINDS)[number]): Promise<void> {
  const pid = await postmasterPid();
  if (kind === 'its process group') process.kill(-pid, 'SIGKILL');
  else process.kill(pid, 'SIGKILL');
  if (kind === 'every process' && process.platform === 'linux') serverProcesses().forEach(end);
  if (kind !== 'it again while it starts') return;
  await until('another postmaster runs', async () => ![0, pid].includes(await postmasterPid()));
  end(await postmasterPid());
}

/** Adds comments one after another until it is stopped. */
function startWriter(url: string, name: string) {
  const acknowledged: string[] = [];
  let isStopped = false;
  async function run(): Promise<void> {
    for (let n = 0; !isStopped; n += 1) {
      const input = { articleId: ARTICLE_ID, body: `${name} ${n}`, guest: { name, email: `${name}@example.com` } };
      const id = await post<{ addComment: { comment?: { id: string } } }>(url, { query: WRITE, variables: { input } })
        .then(({ addComment }) => addComment.comment?.id)
        .catch(() => undefined);
      if (id) acknowledged.push(id);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  const running = run();
  return {
    acknowledged,
    async stop() {
      isStopped = true;
      await running;
    },
  };
}

function startReader(url: string) {
  let isStopped = false;
  async function run(): Promise<void> {
    while (!isStopped) {
      await post(url, { query: READ, variables: {} }).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  const running = run();
  return {
    async stop() {
      isStopped = true;
      await running;
    },
  };
}

/** Follows the article over one event stream, which stays open for the whole test. */
async function follow(url: string) {
  const sent = request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
  });
  sent.end(JSON.stringify({ query: FOLLOW, variables: { id: ARTICLE_ID } }));
  const [response] = await once(sent, 'response');
  let text = '';
  let hasEnded = false;
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  response.on('close', () => {
    hasEnded = true;
  });
  response.on('error', () => {});
  closers.push(() => sent.destroy());
  return {
    get ids(): string[] {
      return [...text.matchAll(/"commentAdded":\{"id":"([^"]+)"/g)].map(([, id]) => id!);
    },
    get hasEnded() {
      return hasEnded;
    },
  };
}

async function startGateways(count: number): Promise<Running[]> {
  const environment = { DATA_DIR: dataDir, SAMPLE_CONTENT: 'off', RATE_LIMITS: 'off', STATEMENT_TIMEOUT: '30000' };
  return Promise.all(Array.from({ length: count }, () => serve(environment, closers)));
}

/** The ids of all comments, when the server takes new connections: a connection may have outlived its postmaster, and taken comments. */
async function storedComments(sql: pg.Pool): Promise<string[]> {
  let rows: { id: number }[] | undefined;
  await until('the server takes new connections', async () => {
    rows = (await sql.query<{ id: number }>('SELECT id FROM comment ORDER BY id').catch(() => undefined))?.rows;
    return rows !== undefined;
  });
  return rows!.map(({ id }) => encodeId('Comment', id));
}

it('an embedded server that is killed under load runs again; nothing acknowledged is lost, and the log is short', {
  timeout: 300_000,
}, async () => {
  await makeDataDir();
  const gateways = await startGateways(2);
  const server = await startEmbedded({ dataDir });
  closers.push(server.stop);
  const sql = new pg.Pool({ connectionString: server.url, max: 2 });
  sql.on('error', () => {});
  closers.push(() => sql.end());
  await sql.query(ARTICLE);
  const followers = await Promise.all(gateways.map(({ url }) => follow(url)));
  const writers = gateways.map(({ url }, n) => startWriter(url, `Writer${n}`));
  const readers = gateways.map(({ url }) => startReader(url));

  // A stream is open before its subscription is: comments from before that are not its own.
  await until('the subscribers receive comments', () => followers.every(({ ids }) => ids.length > 0));

  for (const kind of KILLS) {
    const before = writers.map(({ acknowledged }) => acknowledged.length);
    // A process that executes a statement does not notice the end of its postmaster.
    const busy = sql.query('SELECT count(*) FROM generate_series(1, 1000000000)').catch(() => {});
    await until('comments are acknowledged', () =>
      writers.every(({ acknowledged }, n) => acknowledged.length > before[n]!),
    );
    const killed = writers.map(({ acknowledged }) => acknowledged.length);
    await kill(kind);
    const start = performance.now();
    await until('comments are acknowledged again', () =>
      writers.every(({ acknowledged }, n) => acknowledged.length > killed[n]! + 1),
    );
    if (isSoak) console.log(`Killed ${kind}: comments again after ${Math.round(performance.now() - start)} ms.`);
    await busy;
  }

  await Promise.all([...writers, ...readers].map((client) => client.stop()));
  const acknowledged = writers.flatMap((writer) => writer.acknowledged);
  const stored = await storedComments(sql);
  expect(stored).toEqual(expect.arrayContaining(acknowledged));
  for (const follower of followers) {
    const expected = stored.slice(stored.indexOf(follower.ids[0]!));
    // It may be waiting before its next attempt to connect.
    await expect.poll(() => follower.ids.length).toBe(expected.length);
    expect(follower.hasEnded).toBe(false);
    expect(follower.ids).toEqual(expected);
  }
  await server.stop();
  for (const { log, child, ended } of gateways) {
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(log.split('\n').length).toBeLessThan(100);
  }
  // One postmaster for the start and one for each kill: gateways that share it do not start two.
  const serverLog = await readFile(join(dataDir, 'postgres/server.log'), 'utf8');
  expect(serverLog).not.toContain('lock file');
  const starts = serverLog.match(/starting PostgreSQL/g)!.length;
  // One that is killed while it starts may not have written a line.
  expect(starts).toBeGreaterThanOrEqual(KILLS.length + 1);
  expect(starts).toBeLessThanOrEqual(KILLS.length + 1 + KILLS.filter((kind) => kind === KINDS[3]).length);
  await expect(sql.query('SELECT')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
