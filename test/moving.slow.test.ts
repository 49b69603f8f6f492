import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { type Client, createTestClient } from './client.ts';
import { closeAll } from './closers.ts';
import { createEmptyDatabase } from './database.ts';
import { commandArguments, runCommand } from './program.ts';
import { needsRedis, startRedis } from './redis-server.ts';
import { type Running, serve } from './serve.ts';
import { findSystemPostgres, startSystemPostgres } from './system-postgres.ts';

/** Milliseconds for some starts and stops on a machine that does other work. */
const LONG = 300_000;

const closers: (() => unknown)[] = [];
/** A path with a space. The first installation is in `one`. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet moving '));
  await chmod(folder, 0o755);
});

afterEach(() => closeAll(closers));
afterAll(() => rm(folder, { recursive: true }));

const dataDir = (name: string): string => join(folder, name);
/** There while its server runs. */
const pidFile = (name: string): string => join(dataDir(name), 'postgres', 'data', 'postmaster.pid');
const isServerLeft = (name: string): boolean => existsSync(pidFile(name));

/** Runs a command on the embedded database of that name, or on a server. */
const run = (place: string, ...options: string[]) =>
  runCommand(options, {
    directory: folder,
    environment: place.includes('://') ? { DATABASE_URL: place } : { DATA_DIR: dataDir(place) },
  });

interface Installation extends Client {
  stop(): Promise<void>;
}

/** Serves the embedded database of that name, or one on a server. */
async function open(place: string): Promise<Installation> {
  const environment: Record<string, string> = place.includes('://')
    ? { DATABASE_URL: place }
    : { DATA_DIR: dataDir(place) };
  const running: Running = await serve({ ...environment, RATE_LIMITS: 'off', HOLD_LINKS: '0' }, closers);
  const agent = new Agent({ keepAlive: true });
  const sockets = new Set<{ dispose(): void | Promise<void> }>();
  const statements = { texts: [], roundTrips: 0, restart() {} };
  const client = createTestClient({ url: running.url, agent, authorization: undefined, statements, sockets });
  const stop = async (): Promise<void> => {
    for (const socket of sockets) await socket.dispose();
    agent.destroy();
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
  };
  return { ...client, stop };
}

interface Discussion {
  id: string;
  slug: string;
  liveCursor: string;
}

async function discussion(client: Client, slug?: string): Promise<Discussion> {
  const { data } = await client.ask<{ articles: { nodes: Discussion[] } }>(
    '{ articles(first: 20) { nodes { id slug liveCursor commentPolicy } } }',
  );
  return data.articles.nodes.find((article) => slug === undefined || article.slug === slug)!;
}

async function addComment(client: Client, articleId: string, body: string): Promise<string> {
  const { data } = await client.ask<{ addComment: { comment?: { id: string } } }>(
    `mutation ($input: AddCommentInput!) { addComment(input: $input) {
      ... on AddCommentSuccess { comment { id } } ... on Error { message } } }`,
    { input: { articleId, body, guest: { name: 'Gil', email: 'gil@example.com' } } },
  );
  return data.addComment.comment!.id;
}

/** What a subscriber gets who resumes from a cursor: types, and texts of comments, up to the last missed event. */
async function resume(client: Client, id: string, after: string): Promise<string[]> {
  const subscription = client.subscribe<{
    commentEvents: { __typename: string; comment?: { body: { text: string } } };
  }>(
    `subscription ($id: ID!, $after: EventCursor) { commentEvents(articleId: $id, after: $after) {
      __typename ... on CommentAdded { comment { body { text } } } } }`,
    { id, after },
  );
  const words = () =>
    subscription.received.map(({ commentEvents: { __typename, comment } }) => comment?.body.text ?? __typename);
  await vi.waitUntil(() => words().includes('CaughtUp'), {
    timeout: 20_000,
  });
  await subscription.stop();
  return words();
}

const server = findSystemPostgres();

describe('an installation', { timeout: LONG }, () => {
  it('is backed up while it runs, restored elsewhere, and moved to a server; subscribers resume or are told to read again', async () => {
    const one = await open('one');
    const { id, slug } = await discussion(one);
    await addComment(one, id, 'Before the backup');
    const before = (await discussion(one, slug)).liveCursor;
    const backup = await run('one', 'backup', 'a backup.gz', '--json');
    expect(backup).toMatchObject({ code: 0 });
    expect(JSON.parse(backup.output).rows.comment).toBeGreaterThan(50);
    const lost = await addComment(one, id, 'Lost');
    const after = (await discussion(one, slug)).liveCursor;
    // What others use is not moved, nor replaced.
    expect(await run('one', 'move', 'postgres://nobody:geheim@127.0.0.1:1/none')).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/^<url>: no connection to that database \((?!.*geheim)/),
    });
    for (const options of [
      ['move', inject('database').url],
      ['restore', '--overwrite', 'a backup.gz'],
    ])
      expect(await run('one', ...options)).toMatchObject({ code: 1, errors: expect.stringMatching(/in use/) });
    await one.stop();
    expect(isServerLeft('one')).toBe(false);

    expect(await run('two', 'restore', 'a backup.gz')).toMatchObject({ code: 0 });
    expect(await run('two', 'verify')).toMatchObject({ code: 0 });
    const two = await open('two');
    const others = [await addComment(two, id, 'Other 1'), await addComment(two, id, 'Other 2')];
    expect(others).not.toContain(lost);
    expect(await resume(two, id, before)).toEqual(['Other 1', 'Other 2', 'CaughtUp']);
    expect(await resume(two, id, after)).toEqual(['ResyncRequired', 'CaughtUp']);
    const present = (await discussion(two, slug)).liveCursor;
    await two.stop();

    const target = server ? await startSystemPostgres(server) : await createServerDatabase();
    closers.unshift(target.close);
    const moved = await run('two', 'move', target.url, '--json');
    expect(moved).toMatchObject({ code: 0 });
    const client = new pg.Client({ connectionString: target.url });
    await client.connect();
    const { rows } = await client.query('SELECT count(*)::int AS comments FROM comment');
    await client.end();
    expect(rows[0].comments).toBe(JSON.parse(moved.output).rows.comment);
    expect(await run(target.url, 'verify')).toMatchObject({ code: 0 });
    expect(await run('two', 'move', target.url)).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/has content/),
    });
    const three = await open(target.url);
    await addComment(three, id, 'On the server');
    expect(await resume(three, id, present)).toEqual(['On the server', 'CaughtUp']);
    expect(await resume(three, id, after)).toEqual(['ResyncRequired', 'CaughtUp']);
    await three.stop();
    expect(isServerLeft('two')).toBe(false);
  });
});

async function createServerDatabase(): Promise<{ url: string; close(): Promise<void> }> {
  const { url, drop } = await createEmptyDatabase();
  return { url, close: drop };
}

describe('broadsheet sql', { timeout: LONG }, () => {
  it('prints rows as a table or as JSON, from its arguments or from standard input, and what no terminal may obey as escapes', async () => {
    const rows = await run('one', 'sql', `SELECT 1 AS a, E'\\x1b[31m\\n' AS b UNION ALL SELECT NULL, 'x' ORDER BY 1`);
    expect(rows.output).toBe('a | b\n--+-------------\n1 | \\u001b[31m\\n\n  | x\n(2 rows)\n');
    const json = await runCommand(['sql', '--json'], {
      environment: { DATA_DIR: dataDir('one') },
      input: `SELECT 1 AS a, true AS b, 9007199254740993 AS c, '{"d": [1]}'::jsonb AS d, NULL AS e; CREATE TEMP TABLE t ()`,
    });
    expect(JSON.parse(json.output)).toEqual([
      [{ a: 1, b: true, c: '9007199254740993', d: { d: [1] }, e: null }],
      { command: 'CREATE', rows: null },
    ]);
    const failed = await run('one', 'sql', `INSERT INTO forbidden_word VALUES ('x'); SELECT nothing`);
    expect(failed).toMatchObject({ code: 1, output: '', errors: expect.stringMatching(/ERROR 42703 .*"nothing"/) });
    expect((await run('one', 'sql', '--json', 'SELECT * FROM forbidden_word')).output).toBe('[]\n');
  });

  it('prints any number of rows, and ends in order when nobody reads the rest of them', async () => {
    const child = spawn(process.execPath, [...commandArguments(), 'sql', 'SELECT generate_series(1, 200000)'], {
      cwd: folder,
      env: { PATH: process.env.PATH, DATA_DIR: dataDir('one') },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    const beginning = /^generate_series\n-+\n1\n/;
    let output = '';
    const begun = new Promise<void>((resolve) => {
      child.stdout!.on('data', (chunk) => {
        output += chunk;
        if (beginning.test(output)) resolve();
      });
    });
    await Promise.race([begun, ended]);
    expect(output).toMatch(beginning);
    child.stdout!.destroy();
    expect(await ended).toBe(0);
    expect(isServerLeft('one')).toBe(false);
  });

  it('prints the address of an embedded server that runs', async () => {
    expect(await run('one', 'sql', '--url')).toMatchObject({
      code: 1,
      output: '',
      errors: expect.stringMatching(/No PostgreSQL/),
    });
    const one = await open('one');
    const { output } = await run('one', 'sql', '--url');
    const client = new pg.Client({ connectionString: output.trim() });
    await client.connect();
    expect((await client.query('SELECT FROM article')).rows).not.toEqual([]);
    await client.end();
    await one.stop();
  });
});

describe('broadsheet doctor', { timeout: LONG }, () => {
  const doctor = async (environment: Record<string, string>) => {
    const { code, output } = await runCommand(['doctor', '--json'], { environment });
    const { ok, findings } = JSON.parse(output) as {
      ok: boolean;
      findings: { check: string; status: string; detail: string }[];
    };
    expect(code).toBe(ok ? 0 : 1);
    return Object.fromEntries(findings.map(({ check, status, detail }) => [check, { status, detail }]));
  };

  it('finds nothing wrong with an embedded database, and leaves it as it was', async () => {
    const findings = await doctor({ DATA_DIR: dataDir('one'), JWT_SECRET: 'x'.repeat(32) });
    for (const [check, { status }] of Object.entries(findings))
      expect([check, status]).toEqual([check, expect.stringMatching(/^(ok|skipped)$/)]);
    expect(Object.keys(findings)).toEqual(
      expect.arrayContaining([
        'node',
        'configuration',
        'disk space',
        'pictures',
        'database version',
        'extensions',
        'migrations',
        'clock',
        'connections',
        'notifications',
      ]),
    );
    expect(isServerLeft('one')).toBe(false);
    expect(await doctor({ DATA_DIR: dataDir('none') })).toMatchObject({ database: { status: 'skipped' } });
    expect(existsSync(dataDir('none'))).toBe(false);
  });

  it('finds what is wrong', async () => {
    expect(await doctor({ PORT: 'x', DATABSE_URL: 'y' })).toMatchObject({ configuration: { status: 'error' } });
    expect(await doctor({ DATABASE_URL: 'postgres://u:geheim@127.0.0.1:1/none' })).toMatchObject({
      database: { status: 'error', detail: expect.stringMatching(/no PostgreSQL answers at 127.0.0.1:1/) },
    });
    const { url, drop } = await createEmptyDatabase();
    closers.push(drop);
    const wrong = await doctor({
      DATABASE_URL: url,
      DATABASE_CONNECTIONS: '400',
      MIGRATE: 'off',
      REDIS_URL: 'redis://127.0.0.1:1',
      TRUSTED_DOCUMENTS: '/nowhere/manifest.json',
      JWT_JWKS_URL: 'http://127.0.0.1:1/keys',
      MEDIA: 's3://pictures',
      ...{ AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1', AWS_ACCESS_KEY_ID: 'k', AWS_SECRET_ACCESS_KEY: 's' },
    });
    for (const check of ['connections', 'migrations', 'redis', 'trusted documents', 'signing in', 'pictures'])
      expect([check, wrong[check]!.status]).toEqual([check, 'error']);
    expect(await doctor({ DATABASE_URL: url })).toMatchObject({ migrations: { status: 'warning' } });
    const mayOnlyRead = { DATABASE_URL: `${url}?options=-c%20role%3Dpg_monitor` };
    expect(await doctor(mayOnlyRead)).toMatchObject({ writing: { status: 'error' } });
    expect(await doctor({ ...mayOnlyRead, MIGRATE: 'off' })).toMatchObject({ writing: { status: 'ok' } });
  });

  it('reaches Redis', async (context) => {
    needsRedis(context);
    const redis = await startRedis();
    closers.push(redis.close);
    expect(await doctor({ DATA_DIR: dataDir('none'), REDIS_URL: redis.url })).toMatchObject({
      redis: { status: 'ok' },
    });
  });
});

describe('Ctrl-C', { timeout: LONG }, () => {
  /**
   * Runs a command that interrupts itself once its server has begun to start: this process might notice that only when the command
   * has ended. @returns its exit code
   */
  async function interrupted(options: string[]): Promise<number | null> {
    const interrupt = `import { existsSync } from 'node:fs';
      const looking = setInterval(() => {
        if (!existsSync(${JSON.stringify(pidFile('one'))})) return;
        clearInterval(looking);
        process.kill(process.pid, 'SIGINT');
      }, 5).unref();`;
    const hook = ['--import', `data:text/javascript,${encodeURIComponent(interrupt)}`];
    const child: ChildProcess = spawn(process.execPath, [...hook, ...commandArguments(), ...options], {
      cwd: folder,
      env: { PATH: process.env.PATH, DATA_DIR: dataDir('one') },
      stdio: 'ignore',
    });
    closers.push(() => child.kill('SIGKILL'));
    return new Promise<number | null>((resolve) => child.once('close', resolve));
  }

  it('leaves no server and no file, whatever the command was doing', async () => {
    const before = await readdir(folder);
    for (const options of [
      ['sql', 'SELECT pg_sleep(1000)'],
      ['backup', 'interrupted.gz'],
      ['restore', '--overwrite', 'a backup.gz'],
      ['verify'],
    ]) {
      expect([options[0], await interrupted(options)]).toEqual([options[0], 130]);
      expect([options[0], isServerLeft('one')]).toEqual([options[0], false]);
      expect(await readdir(folder)).toEqual(before);
    }
    expect((await run('one', 'sql', '--json', `SELECT count(*) > 50 AS has FROM comment`)).output).toContain('true');
  });
});
