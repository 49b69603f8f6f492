import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import type { Client } from './client.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;
let moderator: Client;
let ann: Client;
let written = 0;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, { authors: [{ id: 1 }], articles: [{ id: 1, policy: 'MODERATED' }] }),
  );
  moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
  ann = gateway.as({ name: 'Ann' });
});

afterAll(() => gateway.stop());

interface Seen {
  id: string;
  version: number;
  status: string;
}

async function add(): Promise<Seen> {
  const { data } = await ann.ask<{ addComment: { comment: Seen } }>(
    `mutation ($input: AddCommentInput!) { addComment(input: $input) { ... on AddCommentSuccess { comment { id version status } } } }`,
    { input: { articleId: encodeId('Article', 1), body: `Words ${written++}` } },
  );
  return data.addComment.comment;
}

async function edit(id: string, body: string, who = ann): Promise<Seen> {
  const { data } = await who.ask<{ editComment: { comment: Seen } }>(
    `mutation ($input: EditCommentInput!) { editComment(input: $input) { ... on EditCommentSuccess { comment { id version status } } } }`,
    { input: { id, body } },
  );
  return data.editComment.comment;
}

async function moderate(action: string, comments: { id: string; version: number }[]) {
  const { data } = await moderator.ask<{ moderateComments: { code?: string; message?: string; comments?: Seen[] } }>(
    `mutation ($input: ModerateCommentsInput!) { moderateComments(input: $input) {
      ... on Error { code message } ... on ModerateCommentsSuccess { comments { id version status } } } }`,
    { input: { comments: comments.map(({ id, version }) => ({ id, version })), action } },
  );
  return data.moderateComments;
}

/** Everything that a decision could have changed. */
async function stored(): Promise<unknown> {
  const { rows } = await gateway.sql.query(`SELECT
    (SELECT json_agg(c ORDER BY id) FROM (SELECT id, status, pinned, visible FROM comment) c) AS comments,
    (SELECT count(*) FROM moderation_entry) AS entries, (SELECT count(*) FROM comment_event) AS events`);
  return rows;
}

describe('Comment.version', () => {
  it('counts wordings: an edit with other words adds one, one with the same words none', async () => {
    const comment = await add();
    expect(comment.version).toBe(1);
    expect((await edit(comment.id, 'Other words')).version).toBe(2);
    expect((await edit(comment.id, 'Other words')).version).toBe(2);
    expect((await edit(comment.id, 'Third words', moderator)).version).toBe(3);
  });
});

describe('a decision', () => {
  it('about words that have changed since is a conflict for every action, and nothing is done for any', async () => {
    const [one, other] = [await add(), await add()];
    await edit(one.id, 'Not what the moderator has read');
    const before = await stored();
    for (const action of ['APPROVE', 'REJECT', 'SPAM', 'REMOVE', 'RESTORE', 'UNPIN'])
      for (const comments of [
        [other, one],
        [one, other],
        [{ ...one, version: 2 }, one],
        [{ ...one, version: 3 }],
        [{ ...one, version: -1 }],
      ])
        expect(await moderate(action, comments)).toMatchObject({ code: 'CONFLICT' });
    expect(await stored()).toEqual(before);
    const { comments } = await moderate('APPROVE', [other, { ...one, version: 2 }, other]);
    expect(comments).toMatchObject([
      { id: other.id, status: 'VISIBLE' },
      { id: one.id, status: 'VISIBLE', version: 2 },
    ]);
  });

  it('and an edit at the same time never publish words that the moderator has not seen', async () => {
    for (let n = 0; n < 10; n++) {
      const comment = await add();
      const [decided] = await Promise.all([moderate('APPROVE', [comment]), edit(comment.id, `Changed ${n}`)]);
      const { rows } = await gateway.sql.query(
        'SELECT status, version, waiting, body_text FROM comment ORDER BY id DESC LIMIT 1',
      );
      // Either the edit came first and the decision is refused, or the edit of the approved comment waits beside it.
      expect(rows).toMatchObject([
        decided.code
          ? { status: 'PENDING', version: 2, waiting: true, body_text: `Changed ${n}` }
          : { status: 'VISIBLE', version: 2, waiting: true, body_text: expect.stringMatching(/^Words/) },
      ]);
      expect(decided.code ?? 'APPROVED').toMatch(/^(CONFLICT|APPROVED)$/);
    }
  });
});
