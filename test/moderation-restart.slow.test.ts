import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { verify } from '../src/database/derived/verify.ts';
import { importWordPress } from '../src/import/wordpress/import-wordpress.ts';
import { removePerson } from '../src/person/index.ts';
import type { TestSubscription } from './client.ts';
import { exportOf, type PostSpec } from './fixtures/wordpress/export.ts';
import { leavesNothing, startGateway, type TestGateway, until } from './gateway.ts';
import { write } from './seed.ts';

// These tests change the moderators' queue without an event for each comment.

const out = new Writable({ write: (_chunk, _encoding, done) => done() });
let gateway: TestGateway;
let folder: string;
/** Articles that a test has for itself. */
let articles = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-queue-'));
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: [{ id: 1 }, { id: 2 }, { id: 3 }],
      articles: Array.from({ length: 20 }, (_, index) => ({ id: index + 1 })),
    }),
  );
});

afterAll(async () => {
  expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
  await gateway.stop();
  await rm(folder, { recursive: true });
});

/** An article with comments of author 2, in the given statuses. @returns the ids of the comments */
async function discussed(...statuses: string[]): Promise<{ article: number; ids: number[] }> {
  articles += 1;
  const ids = statuses.map((_, index) => articles * 100 + index);
  await write(gateway.sql, {
    comments: ids.map((id, index) => ({ id, article: articles, author: 2, status: statuses[index] as 'VISIBLE' })),
  });
  return { article: articles, ids };
}

async function report(id: number, author = 3): Promise<void> {
  await gateway.sql.query(`INSERT INTO comment_report (comment_id, author_id, reason) VALUES ($1, $2, 'Rude')`, [
    id,
    author,
  ]);
}

async function queue(): Promise<{ waiting: string[]; reported: string[] }> {
  const { data } = await gateway
    .as({ name: 'Mo', role: 'MODERATOR' })
    .ask<Record<'waiting' | 'reported', { nodes: { id: string }[] }>>(
      '{ waiting: moderationQueue { nodes { id } } reported: moderationQueue(reported: true) { nodes { id } } }',
    );
  const ids = ({ nodes }: { nodes: { id: string }[] }) => nodes.map(({ id }) => id);
  return { waiting: ids(data.waiting), reported: ids(data.reported) };
}

/** A moderator's subscription that is live. */
async function listen(): Promise<TestSubscription<object>> {
  await leavesNothing(gateway);
  const subscription = gateway
    .as({ name: 'Mo', role: 'MODERATOR' })
    .subscribe<object>('subscription { moderationEvents { at } }');
  await until('it is live', async () => (await gateway.metrics()).live_subscriptions === 1);
  return subscription;
}

async function expectEnd(subscription: TestSubscription<object>): Promise<void> {
  await expect(subscription.arrived(1)).rejects.toThrow('The stream ended after 0');
  await subscription.stop();
}

/** Nothing has ended it: an event of a new comment arrives. */
async function expectGoesOn(subscription: TestSubscription<object>): Promise<void> {
  const [guest, body] = [
    { name: 'Gus', email: 'gus@example.com' },
    'https://a.example https://b.example https://c.example',
  ];
  await gateway.ask('mutation ($input: AddCommentInput!) { addComment(input: $input) { __typename } }', {
    input: { articleId: encodeId('Article', 20), body: `${body} ${Math.random()}`, guest },
  });
  await subscription.arrived(1);
  subscription.goesOn();
  await subscription.stop();
}

async function deleteArticle(id: number): Promise<void> {
  await gateway.sql.query(`UPDATE article SET status = 'ARCHIVED' WHERE id = $1`, [id]);
  const { data } = await gateway
    .as({ name: 'Ada', role: 'ADMIN' })
    .ask('mutation ($input: DeleteArticleInput!) { deleteArticle(input: $input) { __typename } }', {
      input: { id: encodeId('Article', id), expectedVersion: 1 },
    });
  expect(data).toEqual({ deleteArticle: { __typename: 'DeleteArticleSuccess' } });
}

async function importPost(
  id: number,
  comments: NonNullable<PostSpec['comments']>,
  { dryRun = false } = {},
): Promise<void> {
  const file = join(folder, `${id}.xml`);
  const posts = [{ id, slug: `post-${id}`, creator: 'jo', comments }];
  await writeFile(file, exportOf({ authors: [{ id: 7, login: 'jo' }], posts }));
  await importWordPress({ file, url: gateway.databaseUrl, out, dryRun });
}

describe('a subscription of moderators ends, so that its client reads the queue again, when', () => {
  it.each(['PENDING', 'VISIBLE', 'REMOVED'])(
    'an article is deleted that has a %s comment in the queue',
    async (status) => {
      const { article, ids } = await discussed(status);
      if (status !== 'PENDING') await report(ids[0]!);
      const subscription = await listen();
      await deleteArticle(article);
      await expectEnd(subscription);
      const { waiting, reported } = await queue();
      expect([...waiting, ...reported]).not.toContain(encodeId('Comment', ids[0]!));
    },
  );

  it('an import has comments that wait, or decides about those that do', async () => {
    const waits = { id: 1, text: 'One.', approved: '0' };
    const first = await listen();
    await importPost(1, [waits]);
    await expectEnd(first);
    const second = await listen();
    await importPost(1, [waits, { id: 2, text: 'Two.', approved: '0' }]);
    await expectEnd(second);
    const third = await listen();
    await importPost(1, [
      { ...waits, approved: '1' },
      { id: 2, text: 'Two.', approved: '0' },
    ]);
    await expectEnd(third);
  });

  it('an import hides a comment with open reports, which settles them', async () => {
    await importPost(2, [
      { id: 21, text: 'One.' },
      { id: 22, text: 'Two.' },
    ]);
    const { rows } = await gateway.sql.query<{ id: number }>(
      `SELECT c.id FROM comment c JOIN article a ON a.id = c.article_id WHERE a.slug = 'post-2' ORDER BY c.id`,
    );
    for (const { id } of rows) await report(id);
    const subscription = await listen();
    await importPost(2, [
      { id: 21, text: 'One.', approved: 'trash' },
      { id: 22, text: 'Two, better.' },
    ]);
    await expectEnd(subscription);
    const { reported } = await queue();
    expect(reported).not.toContain(encodeId('Comment', rows[0]!.id));
    expect(reported).toContain(encodeId('Comment', rows[1]!.id));
  });

  it('a repair finds comments that were missing in the queue', async () => {
    const { ids } = await discussed('PENDING');
    await gateway.sql.query('UPDATE comment SET waiting = false WHERE id = $1', [ids[0]]);
    const subscription = await listen();
    expect(await verify({ url: gateway.databaseUrl, repair: true })).toHaveLength(1);
    await expectEnd(subscription);
  });

  it('a person is removed who wrote what waits, or reported something', async () => {
    await gateway.sql.query(
      `INSERT INTO author (id, slug, name, kind) VALUES (51, 'writer', 'W', 'MEMBER'), (52, 'reporter', 'R', 'MEMBER')`,
    );
    const { ids } = await discussed('PENDING', 'VISIBLE');
    await gateway.sql.query('UPDATE comment SET author_id = 51 WHERE id = $1', [ids[0]]);
    await report(ids[1]!, 52);
    for (const person of ['writer', 'reporter']) {
      const subscription = await listen();
      await removePerson({ url: gateway.databaseUrl, person });
      await expectEnd(subscription);
    }
    const { waiting, reported } = await queue();
    expect(waiting).not.toContain(encodeId('Comment', ids[0]!));
    expect(reported).not.toContain(encodeId('Comment', ids[1]!));
  });
});

it('a subscription of moderators goes on when the queue stays as it is', async () => {
  const { article } = await discussed('VISIBLE', 'SPAM');
  const subscription = await listen();
  await deleteArticle(article);
  await importPost(3, [
    { id: 31, text: 'One.' },
    { id: 32, text: 'Two.', approved: 'spam' },
  ]);
  await importPost(
    3,
    [
      { id: 31, text: 'One.', approved: '0' },
      { id: 33, text: 'Three.', approved: '0' },
    ],
    { dryRun: true },
  );
  await gateway.sql.query(`INSERT INTO author (id, slug, name, kind) VALUES (53, 'silent', 'S', 'MEMBER')`);
  await removePerson({ url: gateway.databaseUrl, person: 'silent' });
  expect(await verify({ url: gateway.databaseUrl, repair: true })).toEqual([]);
  await expectGoesOn(subscription);
});
