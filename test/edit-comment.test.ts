import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import type { Client } from './client.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;
let ann: Client;
let moderator: Client;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }, { id: 2, policy: 'MODERATED' }] }),
  );
  ann = gateway.as({ name: 'Ann' });
  moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
});

afterAll(() => gateway.stop());

interface Result {
  __typename: string;
  code: string;
  message: string;
  path: string[];
  comment: {
    id: string;
    status: string;
    body: { text: string };
    editedAt: string | null;
    viewer: { canEdit: boolean; canRemove: boolean; editableUntil: string | null };
  };
  receipt: string | null;
  held?: boolean;
}

const COMMENT = 'comment { id status body { text } editedAt viewer { canEdit canRemove editableUntil } }';

async function add(who: Client, input: Record<string, unknown> = {}): Promise<Result> {
  const { data } = await who.ask<{ addComment: Result }>(
    `mutation ($input: AddCommentInput!) { addComment(input: $input) {
      __typename ... on Error { code message } ... on AddCommentSuccess { receipt ${COMMENT} } } }`,
    { input: { articleId: encodeId('Article', 1), body: 'First words', ...input } },
  );
  return data.addComment;
}

async function edit(who: Client, id: string, body: string, receipt?: string | null): Promise<Result> {
  const { data, errors } = await who.ask<{ editComment: Result }>(
    `mutation ($input: EditCommentInput!) { editComment(input: $input) {
      __typename ... on Error { code message } ... on InvalidInputError { path } ... on EditCommentSuccess { held ${COMMENT} } } }`,
    { input: { id, body, receipt } },
  );
  expect(errors).toBeUndefined();
  return data.editComment;
}

/** As if it had been written longer ago. */
async function age(id: string, seconds: number): Promise<void> {
  await gateway.sql.query(`UPDATE comment SET created_at = created_at - make_interval(secs => $2) WHERE id = $1`, [
    Number(Buffer.from(id, 'base64url').toString().split(':')[1]),
    seconds,
  ]);
}

describe('editComment', () => {
  it('changes the text, sets editedAt, and shows former texts to moderators only', async () => {
    const { comment } = await add(ann);
    expect(comment).toMatchObject({ editedAt: null, viewer: { canEdit: true, canRemove: true } });
    const edited = await edit(ann, comment.id, 'Second *words*');
    expect(edited.comment).toMatchObject({ body: { text: 'Second words' }, editedAt: expect.any(String) });
    await edit(ann, comment.id, 'Second *words*');
    await edit(moderator, comment.id, 'Third words');
    const ask = (who: Client) =>
      who.ask<{ comment: { moderation: { versions: unknown[] } | null } }>(
        'query ($id: ID!) { comment(id: $id) { moderation { versions { body { markdown text html } replacedBy { name } } } } }',
        { id: comment.id },
      );
    expect((await ask(moderator)).data.comment.moderation?.versions).toEqual([
      {
        body: { markdown: 'First words', text: 'First words', html: '<p>First words</p>' },
        replacedBy: { name: 'Ann' },
      },
      {
        body: { markdown: 'Second *words*', text: 'Second words', html: '<p>Second <em>words</em></p>' },
        replacedBy: { name: 'Mo' },
      },
    ]);
    expect((await ask(ann)).data.comment.moderation).toBeNull();
    const { rows } = await gateway.sql.query(`SELECT kind FROM comment_event WHERE comment_id = $1 ORDER BY sequence`, [
      Number(Buffer.from(comment.id, 'base64url').toString().split(':')[1]),
    ]);
    expect(rows.map(({ kind }) => kind)).toEqual(['ADDED', 'CHANGED', 'CHANGED']);
  });

  it('ends with the window for authors, and never for moderators', async () => {
    const { comment } = await add(ann);
    const until = Date.parse(comment.viewer.editableUntil!);
    await age(comment.id, 600);
    expect((await edit(ann, comment.id, 'In time')).comment.viewer.canEdit).toBe(true);
    await age(comment.id, 301);
    expect(await edit(ann, comment.id, 'Too late')).toMatchObject({ __typename: 'EditWindowOverError' });
    const seen = await ann.ask<{ comment: Result['comment'] }>(
      `query ($id: ID!) { ${COMMENT.replace('comment', 'comment(id: $id)')} }`,
      {
        id: comment.id,
      },
    );
    expect(seen.data.comment).toMatchObject({
      body: { text: 'In time' },
      viewer: { canEdit: false, editableUntil: null },
    });
    expect(until - Date.now()).toBeGreaterThan(800_000);
    expect((await edit(moderator, comment.id, 'By a moderator')).comment.body.text).toBe('By a moderator');
  });

  it('is for who wrote it: others learn nothing of what they cannot see', async () => {
    const [open, held] = [
      (await add(ann)).comment.id,
      (await add(ann, { articleId: encodeId('Article', 2) })).comment.id,
    ];
    for (const who of [gateway, gateway.as({ name: 'Otto' })]) {
      expect(await edit(who, open, 'Mine now')).toMatchObject({ code: 'FORBIDDEN' });
      expect(await edit(who, held, 'Mine now')).toEqual(await edit(who, encodeId('Comment', 999_999), 'Mine now'));
    }
    expect((await edit(ann, held, 'Still mine')).comment.status).toBe('PENDING');
    for (const body of ['', 'a\0b', 'a\u0007b', `Z${'\u0301'.repeat(50)}`])
      expect(await edit(ann, open, body)).toMatchObject({ code: 'INVALID_INPUT', path: ['input', 'body'] });
  });

  it('takes the receipt of a guest, also while the comment waits', async () => {
    const guest = { name: 'Gus', email: 'gus@example.com' };
    const { receipt, comment } = await add(gateway, { guest, articleId: encodeId('Article', 2) });
    const edited = await edit(gateway, comment.id, 'By its guest', receipt);
    expect(edited.comment).toMatchObject({ status: 'PENDING', body: { text: 'By its guest' } });
    const { data } = await gateway.ask<{ commentByReceipt: Result['comment'] }>(
      `query ($receipt: String!) { commentByReceipt(receipt: $receipt) { status body { text } } }`,
      { receipt },
    );
    expect(data.commentByReceipt).toEqual({
      status: 'PENDING',
      body: { text: 'By its guest' },
    });
    const other = await add(gateway, { guest });
    expect(await edit(gateway, comment.id, 'By another receipt', other.receipt)).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('applies the hold rules to the new text', async () => {
    const { comment } = await add(ann);
    const reply = await add(ann, { parentId: comment.id });
    const links = 'https://a.example https://b.example https://c.example';
    const held = { held: true, comment: { status: 'VISIBLE', body: { text: 'First words' } } };
    expect(await edit(ann, comment.id, links)).toMatchObject(held);
    const { data } = await gateway.ask<{ nodes: unknown[] }>(`query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, {
      ids: [comment.id, reply.comment.id],
    });
    expect(data.nodes).toEqual([{ id: comment.id }, { id: reply.comment.id }]);
    // A later edit that no rule holds does not approve it: it waits for a moderator.
    expect(await edit(ann, comment.id, 'Never mind')).toMatchObject(held);
    expect(await edit(moderator, comment.id, links)).toMatchObject({ held: false, comment: { body: { text: links } } });
    const staff = await add(moderator, { body: links });
    expect(staff.comment.status).toBe('VISIBLE');
  });

  it('holds words that the operator forbids', async () => {
    await gateway.sql.query(`INSERT INTO forbidden_word VALUES ('casino')`);
    expect((await add(ann, { body: 'The Casino of words' })).comment.status).toBe('PENDING');
    const { comment } = await add(ann, { body: 'Casinos are many' });
    expect(comment.status).toBe('VISIBLE');
  });
});

it('a mark that turns the direction of writing does not reach out of its line', async () => {
  const { comment } = await add(ann, { body: 'a \u202Eb\n\nc \u2067d \u202Ce\u2069\u2069' });
  expect(comment.body.text).toBe('a \u202Eb\u202C\n\nc \u2067d e\u2069');
});
