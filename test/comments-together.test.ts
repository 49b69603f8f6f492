import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { verify } from '../src/database/derived/verify.ts';
import type { Client } from './client.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { write } from './seed.ts';

const WRITERS = 12;
/** Comments on one article within a minute, above which a moderator decides. */
const BUSY = 5;

const ADD = `mutation ($input: AddCommentInput!) { addComment(input: $input) {
  ... on AddCommentSuccess {
    held
    comment { id depth author { slug name } parent { id } root { id } article { id } isByArticleAuthor }
  }
  ... on Error { code } } }`;

interface Added {
  held?: boolean;
  code?: string;
  comment?: {
    id: string;
    depth: number;
    author: { name: string };
    parent: { id: string } | null;
    root: { id: string };
  };
}

interface NewComment {
  /** A member; a guest unless given. */
  by?: Client;
  body: string;
  parentId?: string | undefined;
  guest?: { name: string; email: string };
  idempotencyKey?: string;
}

let gateway: TestGateway;

const member = (n: number): Client => gateway.as({ name: `Member ${n}` });

async function add(articleId: number, { by = gateway, ...input }: NewComment): Promise<Added> {
  const { data } = await by.ask<{ addComment: Added }>(ADD, {
    input: { articleId: encodeId('Article', articleId), ...input },
  });
  return data.addComment;
}

/** Adds comments at once while a transaction of the test's own keeps the article locked, so that they wait for it together. */
async function addTogether(articleId: number, comments: readonly NewComment[]): Promise<Added[]> {
  const blocker = await gateway.secondConnection();
  await blocker.query('BEGIN');
  await blocker.query('SELECT FROM article WHERE id = $1 FOR UPDATE', [articleId]);
  let answered = 0;
  const answers = Promise.all(
    comments.map(async (comment) => {
      const answer = await add(articleId, comment);
      answered += 1;
      return answer;
    }),
  );
  await until('requests wait for the article', async () => {
    const { rows } = await gateway.sql.query<{ waiting: number }>(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows[0]!.waiting >= 2;
  });
  await until('all requests have arrived', async () => {
    const { requests } = await gateway.metrics();
    return requests! + answered >= comments.length;
  });
  await blocker.query('ROLLBACK');
  await blocker.end();
  return answers;
}

/** The comments that came to be in each transaction. */
async function transactions(articleId: number): Promise<number[]> {
  const { rows } = await gateway.sql.query<{ comments: number }>(
    'SELECT count(*)::int AS comments FROM comment WHERE article_id = $1 GROUP BY xmin::text',
    [articleId],
  );
  return rows.map(({ comments }) => comments);
}

beforeAll(async () => {
  gateway = await startGateway(
    (sql) =>
      write(sql, {
        authors: [{ id: 1, name: 'Ann Author' }],
        articles: [1, 2, 3, 4, 5, 6].map((id) => ({ id })),
        comments: [
          { id: 1, article: 1 },
          { id: 2, article: 1, parent: 1 },
          { id: 3, article: 2, status: 'REMOVED' },
          { id: 4, article: 3 },
        ],
      }),
    { RATE_LIMITS: 'memory', HOLD_BUSY_ARTICLE: String(BUSY) },
  );
  // The first request of a person writes their author.
  for (let n = 0; n < WRITERS; n++) await member(n).ask('{ viewer { role } }');
  // With the first comment, a gateway learns the forbidden words; before, it cannot write comments together.
  await add(3, { by: member(0), body: 'The first one' });
});

afterEach(async () => {
  expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
});

afterAll(() => gateway.stop());

/** No writer repeats a text. */
let written = 0;

const comments = (count: number, comment: (n: number) => Partial<NewComment> = () => ({})): NewComment[] =>
  Array.from({ length: count }, (_, n) => ({ by: member(n), body: `Comment ${++written}`, ...comment(n) }));

describe('comments that wait for the same article', () => {
  it('are written together, each at its place', async () => {
    const [top, reply] = [encodeId('Comment', 1), encodeId('Comment', 2)];
    const parents = [undefined, top, reply];
    const added = await addTogether(
      1,
      comments(BUSY, (n) => ({ parentId: parents[n % 3] })),
    );
    expect(added.map(({ comment }) => comment)).toEqual(
      added.map(({ comment }, n) => ({
        id: comment!.id,
        depth: n % 3,
        author: { name: `Member ${n}`, slug: expect.any(String) },
        parent: n % 3 === 0 ? null : { id: parents[n % 3] },
        root: { id: n % 3 === 0 ? comment!.id : top },
        article: { id: encodeId('Article', 1) },
        isByArticleAuthor: false,
      })),
    );
    expect((await transactions(1)).length).toBeLessThan(BUSY);
  });

  it('are refused each for its own reason, and the others written', async () => {
    const removed = encodeId('Comment', 3);
    const elsewhere = encodeId('Comment', 4);
    const added = await addTogether(2, [
      ...comments(3),
      { by: member(3), body: 'To a removed comment', parentId: removed },
      { by: member(4), body: 'To a comment of another article', parentId: elsewhere },
      { body: 'By somebody who is not', guest: { name: 'Ann Author', email: 'ann@example.com' } },
      { by: member(5), body: 'With https://a.example https://b.example https://c.example https://d.example' },
      { body: 'By a guest', guest: { name: 'Gus', email: 'gus@example.com' } },
    ]);
    expect(added.map(({ held, code }) => code ?? held)).toEqual([
      ...[false, false, false],
      ...['NOT_FOUND', 'NOT_FOUND', 'INVALID_INPUT', true],
      false,
    ]);
    const { rows } = await gateway.sql.query('SELECT comment_count, event_sequence FROM article WHERE id = 2');
    expect(rows).toEqual([{ comment_count: 4, event_sequence: 4 }]);
  });

  it('are as many as the rule about busy articles allows, and the others are held', async () => {
    const added = await addTogether(4, comments(WRITERS));
    expect(added.filter(({ held }) => held === false)).toHaveLength(BUSY);
    expect(added.filter(({ held }) => held === true)).toHaveLength(WRITERS - BUSY);
  });

  it('are found by their keys, and their events follow one another', async () => {
    const sent = comments(BUSY, (n) => (n === 1 ? {} : { idempotencyKey: `key ${n}` }));
    const refused = { by: member(BUSY), body: 'To a removed comment', parentId: encodeId('Comment', 3) };
    const together = [...sent.slice(0, 3), { ...refused, idempotencyKey: 'key of none' }, ...sent.slice(3)];
    const added = await addTogether(6, together);
    expect(added[3]).toMatchObject({ code: 'NOT_FOUND' });
    expect((await transactions(6)).length).toBeLessThan(BUSY);
    for (const [n, comment] of together.entries())
      if (comment.idempotencyKey) expect((await add(6, comment)).comment?.id).toBe(added[n]!.comment?.id);
    const { rows } = await gateway.sql.query(
      `SELECT e.sequence, e.comment_id = c.id AND e.at = c.created_at AS is_that_of_its_comment, e.previous_at = lag(e.at) OVER w AS follows
       FROM comment_event e JOIN comment c ON c.article_id = e.article_id AND c.path = ARRAY[e.sequence]
       WHERE e.article_id = 6 WINDOW w AS (ORDER BY e.sequence)`,
    );
    expect(rows).toEqual(
      sent.map((_, n) => ({ sequence: n + 1, is_that_of_its_comment: true, follows: n === 0 ? null : true })),
    );
  });

  it('are compared with the others of the same writer', async () => {
    const gus = { name: 'Gus', email: 'gus@example.com' };
    const added = await addTogether(5, [
      ...comments(2),
      ...[1, 2, 3].map(() => ({ body: 'The same again', guest: gus })),
    ]);
    expect(added.slice(0, 2).map(({ held }) => held)).toEqual([false, false]);
    expect(added.slice(2).filter(({ held }) => held === false)).toHaveLength(1);
    expect(added.slice(2).filter(({ held }) => held === true)).toHaveLength(2);
    const { rows } = await gateway.sql.query(`SELECT slug FROM author WHERE name = 'Gus'`);
    expect(rows).toHaveLength(1);
  });
});
