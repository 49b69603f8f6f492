import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { verify } from '../src/database/derived/verify.ts';
import { importWordPress } from '../src/import/wordpress/import-wordpress.ts';
import { createLogger } from '../src/logger.ts';
import { wakeReaders } from '../src/wake-readers.ts';
import { exportOf, type PostSpec } from './fixtures/wordpress/export.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { needsRedis, startRedis } from './redis-server.ts';

let gateway: TestGateway;
let directory: string;
const out = new Writable({ write: (_chunk, _encoding, done) => done() });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'broadsheet-import-live-'));
  gateway = await startGateway(undefined, { HOLD_LENGTH: '0' });
});

afterAll(async () => {
  expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
  await gateway.stop();
  await rm(directory, { recursive: true });
});

interface Site {
  posts: PostSpec[];
  name?: string;
}

/** Imports a site into the database of the gateway. @returns the articles whose logs begin a new epoch */
async function importSite({ posts, name = 'Jo' }: Site, { dryRun = false } = {}): Promise<number[]> {
  const file = join(directory, 'export.xml');
  await writeFile(file, exportOf({ authors: [{ id: 7, login: 'jo', name }], posts }));
  const restarted: number[] = [];
  const wake = async (ids: readonly number[]): Promise<void> => {
    restarted.push(...ids);
  };
  await importWordPress({ file, url: gateway.databaseUrl, out, dryRun, wakeReaders: wake });
  return restarted;
}

function post(id: number, texts: readonly string[], more: Partial<PostSpec> = {}): PostSpec {
  const comments = texts.map((text, i) => ({ id: id * 100 + i, text }));
  return { id, slug: `post-${id}`, title: `Post ${id}`, creator: 'jo', comments, ...more } as PostSpec;
}

async function articleOf(id: number): Promise<{ id: string; liveCursor: string; texts: string[] }> {
  const { data } = await gateway.ask<{
    article: { id: string; liveCursor: string; comments: { nodes: { body: { text: string } }[] } };
  }>(`{ article(slug: "post-${id}") { id liveCursor comments(orderBy: OLDEST) { nodes { body { text } } } } }`);
  const { comments, ...article } = data.article;
  return { ...article, texts: comments.nodes.map(({ body }) => body.text) };
}

interface Event {
  __typename: string;
  reason?: string;
}

function follow(id: string, after?: string) {
  const subscription = gateway.subscribe<{ commentEvents: Event }>(
    `subscription ($id: ID!, $after: EventCursor) { commentEvents(articleId: $id, after: $after) {
      __typename ... on ResyncRequired { reason } } }`,
    { id, after },
  );
  return {
    ...subscription,
    get types(): string[] {
      return subscription.received.map(({ commentEvents }) => commentEvents.__typename);
    },
  };
}

async function poll(id: number, after: string): Promise<string[]> {
  const { data } = await gateway.ask<{ article: { events: { events: Event[] } } }>(
    `query ($after: EventCursor!) { article(slug: "post-${id}") { events(after: $after) { events { __typename } } } }`,
    { after },
  );
  return data.article.events.events.map(({ __typename }) => __typename);
}

async function add(articleId: string): Promise<void> {
  await gateway.ask('mutation ($input: AddCommentInput!) { addComment(input: $input) { __typename } }', {
    input: { articleId, body: `Words ${Math.random()}`, guest: { name: 'Ann', email: 'ann@example.com' } },
  });
}

async function isLive(count: number): Promise<void> {
  await until('the subscriptions are live', async () => (await gateway.metrics()).live_subscriptions === count);
}

describe('an import', () => {
  it('sends the clients of a discussion that it changes ResyncRequired, then live events, and the others nothing', async () => {
    await importSite({ posts: [post(1, ['One.']), post(2, ['One.'])] });
    const [changed, same] = [await articleOf(1), await articleOf(2)];
    await add(changed.id);
    await add(same.id);
    const [stream, other] = [follow(changed.id), follow(same.id)];
    await isLive(2);
    const before = await articleOf(1);
    await importSite({ posts: [post(1, ['One.', 'Two.']), post(2, ['One.'])] });
    await until('the notice arrives', () => stream.types.includes('ResyncRequired'));
    await isLive(2);
    expect(stream.received[1]!.commentEvents.reason).toMatch(/import/);

    // Those that were offline, or poll.
    expect(await poll(1, before.liveCursor)).toEqual(['ResyncRequired']);
    expect(await poll(1, changed.liveCursor)).toEqual(['ResyncRequired']);
    const resumed = follow(changed.id, before.liveCursor);
    await resumed.arrived(2);
    expect(resumed.types).toEqual(['ResyncRequired', 'CaughtUp']);

    // Read again, the discussion has the new comment, and its cursor brings the notice no more.
    const now = await articleOf(1);
    expect(now.texts).toContain('Two.');
    const fresh = follow(changed.id, now.liveCursor);
    await fresh.arrived(1);
    await add(changed.id);
    for (const one of [stream, resumed, fresh]) await until('it arrives', () => one.types.includes('CommentAdded'));
    await add(same.id);
    await until('it arrives', () => other.types.includes('CommentAdded'));
    expect(stream.types).toEqual(['CaughtUp', 'ResyncRequired', 'CaughtUp', 'CommentAdded']);
    expect(resumed.types).toEqual(['ResyncRequired', 'CaughtUp', 'CommentAdded']);
    expect(fresh.types).toEqual(['CaughtUp', 'CommentAdded']);
    expect(other.types).toEqual(['CaughtUp', 'CommentAdded']);
    for (const one of [stream, other, resumed, fresh]) await one.stop();
  });

  it('causes nothing when it changes nothing that clients see, or is rolled back', async () => {
    const posts = [post(3, ['One.'])];
    await importSite({ posts });
    const { liveCursor } = await articleOf(3);
    expect(await importSite({ posts })).toEqual([]);
    expect(await importSite({ posts: [post(3, ['Another.'])] }, { dryRun: true })).toEqual([]);
    const spam = { id: 399, text: 'Buy this.', approved: 'spam' };
    expect(await importSite({ posts: [{ ...posts[0]!, comments: [...posts[0]!.comments!, spam] }] })).toEqual([]);
    expect((await articleOf(3)).liveCursor).toBe(liveCursor);
    expect(await poll(3, liveCursor)).toEqual([]);
  });

  it.each<[string, (id: number) => Site]>([
    ['a text', (id) => ({ posts: [post(id, ['One, better.'])] })],
    [
      'the status of a comment',
      (id) => ({ posts: [post(id, [], { comments: [{ id: id * 100, text: 'One.', approved: 'spam' }] })] }),
    ],
    ['the title of the article', (id) => ({ posts: [post(id, ['One.'], { title: 'Another title' })] })],
    ["the name of the article's author", (id) => ({ posts: [post(id, ['One.'])], name: `Jo ${id}` })],
  ])('is announced when it changes %s', async (_, change) => {
    const id = 10 + (await gateway.sql.query('SELECT FROM article')).rowCount!;
    await importSite({ posts: [post(id, ['One.'])] });
    const { liveCursor, id: articleId } = await articleOf(id);
    const stream = follow(articleId);
    await isLive(1);
    await importSite(change(id));
    await until('the notice arrives', () => stream.types.includes('ResyncRequired'));
    expect(await poll(id, liveCursor)).toEqual(['ResyncRequired']);
    await stream.stop();
    await isLive(0);
  });

  describe('from the command line wakes the readers of all gateways', () => {
    const log = createLogger({ level: 'error' });
    const config = (more: Record<string, string> = {}) => readConfig({ DATABASE_URL: gateway.databaseUrl, ...more });

    it('over PostgreSQL', async () => {
      const woken: string[] = [];
      const listener = await gateway.secondConnection();
      listener.on('notification', ({ channel }) => woken.push(channel));
      await listener.query('LISTEN "broadsheet:article:77"');
      await wakeReaders({ url: gateway.databaseUrl, config: config(), log }, [76, 77]);
      await until('the wake-up arrives', () => woken.includes('broadsheet:article:77'));
      await listener.end();
    });

    it('over Redis', async (test) => {
      needsRedis(test);
      const redis = await startRedis();
      const woken: string[] = [];
      redis.client.on('pmessage', (_pattern, channel: string) => woken.push(channel));
      await redis.client.psubscribe('broadsheet:*');
      await wakeReaders({ url: gateway.databaseUrl, config: config({ REDIS_URL: redis.url }), log }, [77]);
      await until('the wake-up arrives', () => woken.some((channel) => channel.endsWith(':article:77')));
      await redis.close();
    });
  });
});

describe('a repair', () => {
  it('sends the clients of the discussions that it changes ResyncRequired, and the others nothing', async () => {
    await importSite({ posts: [post(60, ['One.', 'Two.']), post(61, ['One.']), post(62, ['One.'])] });
    const articles = [await articleOf(60), await articleOf(61), await articleOf(62)];
    const streams = articles.map(({ id }) => follow(id));
    await isLive(3);
    const slug = (id: number) => `(SELECT id FROM article WHERE slug = 'post-${id}')`;
    await gateway.sql.query(`UPDATE comment SET descendant_count = 9 WHERE article_id = ${slug(60)};
      UPDATE comment SET reaction_counts = '{9,9,9,9,9}' WHERE article_id = ${slug(61)}`);
    expect(await verify({ url: gateway.databaseUrl, repair: true })).not.toEqual([]);
    for (const i of [0, 1]) await until('the notice arrives', () => streams[i]!.types.includes('ResyncRequired'));
    expect(await poll(60, articles[0]!.liveCursor)).toEqual(['ResyncRequired']);
    expect(await poll(61, articles[1]!.liveCursor)).toEqual(['ResyncRequired']);
    expect(await poll(62, articles[2]!.liveCursor)).toEqual([]);
    expect(streams[2]!.types).toEqual(['CaughtUp']);
    const { liveCursor } = await articleOf(60);
    // A second one finds nothing to repair.
    expect(await verify({ url: gateway.databaseUrl, repair: true })).toEqual([]);
    expect((await articleOf(60)).liveCursor).toBe(liveCursor);
    for (const stream of streams) await stream.stop();
  });
});
