import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { encodeId } from '../schema/content/ids.ts';
import { readConfig } from '../src/config.ts';
import { startEmbedded } from '../src/database/embedded/embedded.ts';
import { createLogger } from '../src/logger.ts';
import { start } from '../src/start.ts';
import { closeAll } from './closers.ts';
import { createEmptyDatabase, createTestDatabase } from './database.ts';
import { startGateway, until } from './gateway.ts';
import { AddCommentDocument, ArticlePageDocument } from './generated/graphql.ts';
import { commandArguments } from './program.ts';
import { serve } from './serve.ts';

/** The id of an article that the sample content does not have. */
const ID = 1_000_000;
const SLUG = 'of-this-test';
const ARTICLE = `
  INSERT INTO author (id, slug, name, kind) VALUES (${ID}, 'writer-of-this-test', 'Writer', 'STAFF');
  INSERT INTO article (id, slug, title, excerpt, body_source, body_html, body_text, status, published_at, author_id)
    VALUES (${ID}, '${SLUG}', 'First', '', '', '', '', 'PUBLISHED', now(), ${ID})`;

const COMMENT = {
  input: { articleId: encodeId('Article', ID), body: 'Kept', guest: { name: 'Ann', email: 'ann@example.com' } },
};

const closers: (() => unknown)[] = [];

afterEach(() => closeAll(closers));

/** Makes a directory that the user of the embedded PostgreSQL can enter. */
async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'broadsheet-start-'));
  await chmod(directory, 0o755);
  closers.push(() => rm(directory, { recursive: true }));
  return directory;
}

async function ask(url: string, query: unknown, variables: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

describe('start', () => {
  it('starts two gateways at once on one empty database', async () => {
    const database = await createEmptyDatabase();
    closers.push(() => database.drop());
    const config = readConfig({ PORT: '0', DATABASE_URL: database.url, LOG_LEVEL: 'error' });
    const gateways = await Promise.all(
      [1, 2].map(() => start({ config, log: createLogger({ level: config.logLevel }) })),
    );
    for (const gateway of gateways) closers.push(() => gateway.stop());
    expect(gateways[0]!.url).not.toBe(gateways[1]!.url);
    for (const { url } of gateways) {
      expect(await ask(url, ArticlePageDocument, { slug: 'none' })).toEqual({ data: { article: null } });
    }
  });

  it('closes what it has opened when a later step fails', async () => {
    const database = await createTestDatabase();
    closers.push(() => database.drop());
    const taken = await startGateway();
    closers.push(() => taken.stop());
    const config = readConfig({ PORT: new URL(taken.url).port, DATABASE_URL: database.url, LOG_LEVEL: 'error' });
    await expect(start({ config, log: createLogger({ level: config.logLevel }) })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    // PostgreSQL lists a connection for a moment after it is closed.
    await until('nothing is connected', async () => {
      const { rowCount } = await taken.sql.query('SELECT FROM pg_stat_activity WHERE datname = $1', [
        new URL(database.url).pathname.slice(1),
      ]);
      return rowCount === 0;
    });
  });
});

describe('a gateway', () => {
  it('is alive as long as it runs, and ready as long as its database answers', async () => {
    const database = await createTestDatabase();
    const config = readConfig({ PORT: '0', DATABASE_URL: database.url, LOG_LEVEL: 'silent' });
    const gateway = await start({ config, log: createLogger({ level: config.logLevel }) });
    closers.push(() => gateway.stop());
    const at = async (path: string) => (await fetch(new URL(path, gateway.url))).status;
    expect(await at('/health')).toBe(200);
    expect(await at('/ready')).toBe(200);
    await database.drop();
    expect(await at('/ready')).toBe(503);
    expect(await at('/health')).toBe(200);
  });
});

/** Milliseconds for tests that start several processes in turn, each of which compiles the sources again. */
const SEVERAL_STARTS = 120_000;

describe('the command', { timeout: SEVERAL_STARTS }, () => {
  it('exits with 0 on SIGTERM while clients keep connections open, and writes nothing to DATA_DIR beside a DATABASE_URL', async () => {
    const database = await createTestDatabase();
    closers.push(() => database.drop());
    const sql = new pg.Client({ connectionString: database.url });
    await sql.connect();
    await sql.query(ARTICLE);
    await sql.end();
    const dataDir = join(await makeDirectory(), 'data');
    const { url, child, ended } = await serve({ DATABASE_URL: database.url, DATA_DIR: dataDir }, closers);

    // A kept-alive connection, an event stream and a WebSocket.
    await ask(url, ArticlePageDocument, { slug: SLUG });
    const subscription = 'subscription ($id: ID!) { commentAdded(articleId: $id) { id } }';
    const stream = request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    });
    const streamEnded = new Promise((resolve) => stream.once('error', resolve).once('close', resolve));
    const streaming = new Promise((resolve) => stream.once('response', (response) => resolve(response.resume())));
    stream.end(JSON.stringify({ query: subscription, variables: { id: encodeId('Article', ID) } }));
    await streaming;
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send('{"type":"connection_init"}');
    await new Promise((resolve) => socket.once('message', resolve));

    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    // 1012, service restart: clients reconnect.
    expect(await closed).toBe(1012);
    await streamEnded;
    expect(existsSync(dataDir)).toBe(false);
  });

  it('keeps the embedded database in DATA_DIR after SIGTERM and after SIGKILL', async () => {
    const dataDir = await makeDirectory();
    const first = await serve({ DATA_DIR: dataDir }, closers);
    const server = await startEmbedded({ dataDir });
    const sql = new pg.Client({ connectionString: server.url });
    await sql.connect();
    await sql.query(ARTICLE);
    await sql.end();
    await server.stop();
    expect(await ask(first.url, AddCommentDocument, COMMENT)).toMatchObject({
      data: { addComment: { __typename: 'AddCommentSuccess' } },
    });
    const kept = { data: { article: { commentCount: 1, comments: { nodes: [{ body: { text: 'Kept' } }] } } } };
    expect(await ask(first.url, ArticlePageDocument, { slug: SLUG })).toMatchObject(kept);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);

    const second = await serve({ DATA_DIR: dataDir }, closers);
    expect(await ask(second.url, ArticlePageDocument, { slug: SLUG })).toMatchObject(kept);
    second.child.kill('SIGKILL');
    expect(await second.ended).toBe('SIGKILL');

    const third = await serve({ DATA_DIR: dataDir }, closers);
    expect(await ask(third.url, ArticlePageDocument, { slug: SLUG })).toMatchObject(kept);
    third.child.kill('SIGINT');
    expect(await third.ended).toBe(0);
    expect(existsSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
  });

  it('stops right after its start when SIGTERM arrives during the start', async () => {
    const dataDir = await makeDirectory();
    const child = spawn(process.execPath, commandArguments(), {
      cwd: tmpdir(),
      env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: dataDir },
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
    await vi.waitUntil(() => existsSync(join(dataDir, 'postgres')), { timeout: SEVERAL_STARTS });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(existsSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
  });
});
