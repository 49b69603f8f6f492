import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guestKey, guestSlug } from '../schema/content/comment/guest.ts';
import { encodeId } from '../schema/content/ids.ts';
import { checkThreads } from '../src/database/derived/thread-check.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';

const ADD = `mutation ($input: AddCommentInput!) {
  addComment(input: $input) {
    __typename
    ... on AddCommentSuccess { held receipt comment { id depth status body { markdown html text } author { name kind } article { commentCount } parent { id } } }
    ... on Error { code message }
    ... on InvalidInputError { path }
  }
}`;

interface Added {
  addComment: {
    __typename: string;
    held: boolean;
    comment: {
      id: string;
      depth: number;
      status: string;
      body: { html: string; markdown: string };
      author: { name: string };
      article: { commentCount: number };
    };
    code: string;
    message: string;
    path: string[];
  };
}

let gateway: TestGateway;
const guest = { name: 'Ann', email: 'ann@example.com' };

beforeAll(async () => {
  gateway = await startGateway(async (sql) => {
    await sql.query(`
      INSERT INTO author (id, slug, name, kind) VALUES (1, 'writer', 'Writer', 'STAFF');
      INSERT INTO article (id, slug, title, excerpt, body_source, body_html, body_text, status, published_at, author_id, comment_policy) VALUES
        (1, 'open', 'Open', '', '', '', '', 'PUBLISHED', now(), 1, 'OPEN'),
        (2, 'moderated', 'Moderated', '', '', '', '', 'PUBLISHED', now(), 1, 'MODERATED'),
        (3, 'closed', 'Closed', '', '', '', '', 'PUBLISHED', now(), 1, 'CLOSED'),
        (4, 'draft', 'Draft', '', '', '', '', 'DRAFT', NULL, 1, 'OPEN'),
        (5, 'busy', 'Busy', '', '', '', '', 'PUBLISHED', now(), 1, 'OPEN');
      SELECT setval('author_id_seq', 100)`);
  });
});

afterAll(() => gateway.stop());

async function add(input: Record<string, unknown>): Promise<Added['addComment']> {
  const { data, errors } = await gateway.ask<Added>(ADD, {
    input: { articleId: encodeId('Article', 1), body: 'Hello', guest, ...input },
  });
  expect(errors).toBeUndefined();
  return data.addComment;
}

describe('addComment', () => {
  it('takes a guest whose slug another author has, shown at once or held, who is one author ever after', async () => {
    for (const article of [1, 2]) {
      const other = { name: `Of ${article}`, email: 'of@example.com' };
      const slug = guestSlug(guestKey({ ...other, url: null }));
      await gateway.sql.query(`INSERT INTO author (slug, name, kind) VALUES ($1, $1, 'MEMBER')`, [slug]);
      for (const body of ['One', 'Two'])
        expect(await add({ articleId: encodeId('Article', article), guest: other, body })).toMatchObject({
          comment: { author: { name: other.name } },
        });
      const { rows } = await gateway.sql.query('SELECT slug FROM author WHERE name = $1', [other.name]);
      expect(rows).toEqual([{ slug: expect.stringMatching(/^guest-[0-9a-f]{32}$/) }]);
    }
  });

  it('writes a comment that is public at once and counted', async () => {
    const { comment, held } = await add({ body: 'Hello *there*' });
    expect(held).toBe(false);
    expect(comment).toMatchObject({ depth: 0, status: 'VISIBLE', author: { name: 'Ann', kind: 'GUEST' } });
    expect(comment.body).toMatchObject({ markdown: 'Hello *there*', html: '<p>Hello <em>there</em></p>' });
    const reply = await add({ parentId: comment.id, body: 'And to you' });
    expect(reply.comment).toMatchObject({ depth: 1, parent: { id: comment.id } });
    expect(reply.comment.article.commentCount).toBe(comment.article.commentCount + 1);
  });

  it('holds comments on a moderated article, invisible to everyone', async () => {
    const { comment, held } = await add({ articleId: encodeId('Article', 2) });
    expect(held).toBe(true);
    expect(comment.status).toBe('PENDING');
    const { data } = await gateway.ask<Record<string, unknown>>(
      `query ($id: ID!) { comment(id: $id) { id } node(id: $id) { id } article(slug: "moderated") { commentCount comments { totalCount nodes { id } } thread { rows { cursor } } } }`,
      { id: comment.id },
    );
    expect(data).toEqual({
      comment: null,
      node: null,
      article: { commentCount: 0, comments: { totalCount: 0, nodes: [] }, thread: { rows: [] } },
    });
    expect((await add({ articleId: encodeId('Article', 2), parentId: comment.id })).code).toBe('NOT_FOUND');
  });

  it('refuses with a typed error and changes nothing', async () => {
    const before = await gateway.sql.query('SELECT count(*) FROM comment');
    expect(await add({ articleId: encodeId('Article', 3) })).toMatchObject({ code: 'COMMENTS_CLOSED' });
    for (const articleId of [encodeId('Article', 4), encodeId('Article', 99), encodeId('Author', 1), 'nonsense', ''])
      expect(await add({ articleId })).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' });
    for (const parentId of [encodeId('Comment', 9999), encodeId('Article', 1), 'nonsense'])
      expect(await add({ parentId })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await add({ guest: null })).toMatchObject({ code: 'FORBIDDEN' });
    for (const body of ['', '  \n ', 'x'.repeat(10_001), 'a\0b', '\ud800'])
      expect(await add({ body })).toMatchObject({ code: 'INVALID_INPUT', path: ['input', 'body'] });
    for (const email of ['', 'ann', 'ann@', '@example.com', 'ann@example', 'a b@example.com'])
      expect(await add({ guest: { ...guest, email } })).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['input', 'guest', 'email'],
      });
    for (const url of ['javascript:alert(1)', 'ftp://example.com', 'example'])
      expect(await add({ guest: { ...guest, url } })).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['input', 'guest', 'url'],
      });
    for (const name of [' ', '\u200b', '\u00ad\u2060'])
      expect(await add({ guest: { ...guest, name } })).toMatchObject({ path: ['input', 'guest', 'name'] });
    // Something was written, and nothing of it would be seen.
    for (const body of ['\u200b', '&nbsp;', '[](http://a.example)', '[a]: http://a.example', '``` \n```'])
      expect(await add({ body })).toMatchObject({ code: 'INVALID_INPUT', path: ['input', 'body'] });
    expect(await gateway.sql.query('SELECT count(*) FROM comment')).toMatchObject({ rows: before.rows });
  });

  it('takes a guest whose name is long, whatever it is cut to for a comparison', async () => {
    const family = '\u{1F469}\u200d\u{1F469}\u200d\u{1F467}';
    for (const start of ['', '\u263a', 'a'])
      expect((await add({ guest: { ...guest, name: start + family.repeat(79) } })).__typename).toBe(
        'AddCommentSuccess',
      );
  });

  it('counts the body in characters as readers do', async () => {
    expect((await add({ body: '👩‍👩‍👧‍👦'.repeat(2_000) })).__typename).toBe('AddCommentSuccess');
    expect((await add({ body: 'x'.repeat(10_000) })).__typename).toBe('AddCommentSuccess');
  });

  it('answers the same comment for the same key, however often and however at once', async () => {
    const input = { idempotencyKey: 'k1', body: 'Only once' };
    const answers = await Promise.all(Array.from({ length: 50 }, () => add(input)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const { rows } = await gateway.sql.query("SELECT count(*)::int AS n FROM comment WHERE body_source = 'Only once'");
    expect(rows).toEqual([{ n: 1 }]);
    expect(await add({ ...input, body: 'Another' })).toMatchObject({ code: 'CONFLICT' });
    expect((await add({ ...input, body: 'Another', guest: { ...guest, email: 'bob@example.com' } })).__typename).toBe(
      'AddCommentSuccess',
    );
  });

  it('never serves an e-mail address', async () => {
    const { data } = await gateway.ask<{ __schema: { types: { fields: { name: string }[] | null }[] } }>(
      '{ __schema { types { fields { name } } } }',
    );
    expect(
      data.__schema.types.flatMap(({ fields }) => fields ?? []).map(({ name }) => name.toLowerCase()),
    ).not.toContain('email');
  });
});

describe('many writers at once on one article', () => {
  it('keep counters, ordinals and the log exact, and every subscriber receives each comment once', async () => {
    const articleId = encodeId('Article', 5);
    const WRITERS = 50;
    const EACH = 8;
    const subscriptions = Array.from({ length: 100 }, (_, i) =>
      // Every third with a selection of its own.
      gateway.subscribe<{ commentAdded: { id: string } }>(
        `subscription ($id: ID!) { commentAdded(articleId: $id) { id ${['', 'depth', 'author { name }'][i % 3]} } }`,
        { id: articleId },
      ),
    );
    // A subscription has no sign of being heard but what it hears: comments one at a time until all have heard one.
    const first = await add({ articleId, body: 'first' });
    const ids = [first.comment.id];
    await until('every subscriber listens', async () => {
      if (subscriptions.every(({ received }) => received.length > 0)) return true;
      ids.push((await add({ articleId, body: 'are you there?' })).comment.id);
      return false;
    });
    const written: string[] = [];
    await Promise.all(
      Array.from({ length: WRITERS }, async (_, writer) => {
        for (let i = 0; i < EACH; i++) {
          const parentId = Math.random() < 0.8 ? ids[Math.floor(Math.random() * ids.length)] : undefined;
          const { comment } = await add({
            articleId,
            ...(parentId && { parentId }),
            body: `${writer}/${i}`,
            guest: { name: `Writer ${writer}`, email: `w${writer}@example.com` },
          });
          ids.push(comment.id);
          written.push(comment.id);
        }
      }),
    );

    const logged = await gateway.sql.query<{ comment_id: number }>(
      'SELECT comment_id FROM comment_event WHERE article_id = 5 ORDER BY sequence',
    );
    const log = logged.rows.map(({ comment_id }) => encodeId('Comment', comment_id));
    const heardBy = (subscription: (typeof subscriptions)[number]): string[] =>
      subscription.received.map(({ commentAdded }) => commentAdded.id);
    for (const subscription of subscriptions) {
      await until('a subscriber has heard the last comment', () => {
        subscription.goesOn();
        return heardBy(subscription).at(-1) === log.at(-1);
      });
      const heard = heardBy(subscription);
      expect(new Set(heard).size).toBe(heard.length);
      // Each in the order of the log, from the first it heard on: none is missing.
      expect(heard).toEqual(log.slice(-heard.length));
      const inLog = new Set(heard);
      expect(written.filter((id) => !inLog.has(id))).toEqual([]);
    }

    const { rows } = await gateway.sql.query(`
      SELECT comment_count, event_sequence, (SELECT count(*)::int FROM comment WHERE article_id = a.id) AS comments,
        (SELECT array_agg(sequence ORDER BY sequence) = array_agg(row_number::int ORDER BY sequence)
         FROM (SELECT sequence, row_number() OVER (ORDER BY sequence) FROM comment_event WHERE article_id = a.id) e) AS gapless
      FROM article a WHERE id = 5`);
    expect(rows).toEqual([
      { comment_count: ids.length, event_sequence: ids.length, comments: ids.length, gapless: true },
    ]);
    await gateway.sql.query('BEGIN');
    const differences = await checkThreads(gateway.sql);
    await gateway.sql.query('ROLLBACK');
    expect(differences.examples).toEqual([]);

    await Promise.all(subscriptions.map((subscription) => subscription.stop()));
    await until('the log of the article is closed', () => gateway.watched === 0);
  }, 120_000);
});
