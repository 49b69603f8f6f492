import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { readConfig } from '../src/config.ts';
import { createLogger } from '../src/logger.ts';
import { start } from '../src/start.ts';
import type { Client } from './client.ts';
import { startGateway, type TestGateway } from './gateway.ts';

const ADD = `mutation ($input: AddCommentInput!) {
  addComment(input: $input) { ... on AddCommentSuccess { held receipt comment { id status } } ... on Error { code } }
}`;
const BY_RECEIPT =
  'query ($receipt: String!) { commentByReceipt(receipt: $receipt) { id status body { text } author { name } article { slug } } }';

interface Added {
  addComment: { held: boolean; receipt: string | null; comment: { id: string; status: string } };
}
interface ByReceipt {
  commentByReceipt: { id: string; status: string; body: { text: string } | null } | null;
}

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    sql
      .query(`
      INSERT INTO author (id, slug, name, kind) VALUES (1, 'writer', 'Writer', 'STAFF');
      INSERT INTO article (id, slug, title, excerpt, body_source, body_html, body_text, status, published_at, author_id, comment_policy) VALUES
        (1, 'open', 'Open', '', '', '', '', 'PUBLISHED', now(), 1, 'OPEN'),
        (2, 'moderated', 'Moderated', '', '', '', '', 'PUBLISHED', now(), 1, 'MODERATED'),
        (3, 'to-draft', 'To draft', '', '', '', '', 'PUBLISHED', now(), 1, 'OPEN'),
        (4, 'to-archive', 'To archive', '', '', '', '', 'PUBLISHED', now(), 1, 'OPEN');
      SELECT setval('author_id_seq', 100)`)
      .then(() => undefined),
  );
});

afterAll(() => gateway.stop());

async function add(article: number, input: Record<string, unknown> = {}): Promise<Added['addComment']> {
  const guest = { name: 'Ann', email: 'ann@example.com' };
  const { data } = await gateway.ask<Added>(ADD, {
    input: { articleId: encodeId('Article', article), body: 'Hello', guest, ...input },
  });
  return data.addComment;
}

async function findByReceipt(receipt: string): Promise<ByReceipt['commentByReceipt']> {
  const { data, errors } = await gateway.ask<ByReceipt>(BY_RECEIPT, { receipt });
  expect(errors).toBeUndefined();
  return data.commentByReceipt;
}

describe('a receipt', () => {
  it('gives a guest access to their comment in any status; without it, a held comment is not found', async () => {
    for (const article of [1, 2]) {
      const { receipt, comment } = await add(article);
      expect(await findByReceipt(receipt!)).toMatchObject({
        id: comment.id,
        status: comment.status,
        body: { text: 'Hello' },
      });
    }
    const { receipt, comment, held } = await add(2);
    expect(held).toBe(true);
    expect((await gateway.ask<Record<string, unknown>>(`{ comment(id: "${comment.id}") { id } }`)).data).toEqual({
      comment: null,
    });
    const id = Number(Buffer.from(comment.id, 'base64url').toString().split(':')[1]);
    for (const status of ['REJECTED', 'SPAM', 'REMOVED']) {
      await gateway.sql.query('UPDATE comment SET status = $1 WHERE id = $2', [status, id]);
      expect(await findByReceipt(receipt!)).toMatchObject({ id: comment.id, status });
    }
  });

  it('is the same for a repeated idempotency key; a signed-in author gets none', async () => {
    const first = await add(1, { idempotencyKey: 'k' });
    expect(await add(1, { idempotencyKey: 'k' })).toEqual(first);
    const { data } = await gateway.as({ name: 'Member' }).ask<Added>(ADD, {
      input: { articleId: encodeId('Article', 1), body: 'Signed in' },
    });
    expect(data.addComment).toMatchObject({ held: false, receipt: null });
  });

  it('is valid at every gateway on the database', async () => {
    const { receipt, comment } = await add(1);
    const config = readConfig({ PORT: '0', DATABASE_URL: gateway.databaseUrl, LOG_LEVEL: 'error' });
    const other = await start({ config, log: createLogger({ level: config.logLevel }) });
    try {
      const response = await fetch(other.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: BY_RECEIPT, variables: { receipt } }),
      });
      expect(await response.json()).toMatchObject({ data: { commentByReceipt: { id: comment.id } } });
    } finally {
      await other.stop();
    }
  });

  it('gives no access once the article is not public', async () => {
    const { receipt } = await add(3);
    expect(await findByReceipt(receipt!)).not.toBeNull();
    await gateway.sql.query("UPDATE article SET status = 'DRAFT' WHERE id = 3");
    expect(await findByReceipt(receipt!)).toBeNull();
  });

  it('allows no edit and no removal then; the error is that of a missing comment', async () => {
    const { receipt, comment } = await add(4);
    const member = gateway.as({ name: 'Member' });
    const { data } = await member.ask<Added>(ADD, { input: { articleId: encodeId('Article', 4), body: 'Signed in' } });
    const missingId = encodeId('Comment', 9_999);
    await gateway.sql.query("UPDATE article SET status = 'ARCHIVED', title = 'Secret' WHERE id = 4");
    const act = async (sender: Client, id: string, receipt: string | null) => {
      const { data } = await sender.ask<Record<'edited' | 'removed', object>>(
        `mutation ($id: ID!, $receipt: String) {
          edited: editComment(input: { id: $id, receipt: $receipt, body: "New" }) {
            __typename ... on Error { code message } ... on EditCommentSuccess { comment { article { title } } } }
          removed: removeComment(input: { id: $id, receipt: $receipt }) {
            __typename ... on Error { code message } ... on RemoveCommentSuccess { comment { article { title } } } } }`,
        { id, receipt },
      );
      return data;
    };
    const missing = await act(gateway, missingId, receipt);
    const notFound = { __typename: 'NotFoundError', code: 'NOT_FOUND', message: 'There is no such comment.' };
    expect(missing).toEqual({ edited: notFound, removed: notFound });
    expect(await act(gateway, comment.id, receipt)).toEqual(missing);
    expect(await act(member, data.addComment.comment.id, null)).toEqual(missing);
    const moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
    const success = { comment: { article: { title: 'Secret' } } };
    expect(await act(moderator, comment.id, null)).toMatchObject({ edited: success, removed: success });
  });

  it('is invalid when any character differs, even in the unused bits of its last character', async () => {
    const { receipt, comment } = await add(1);
    const text = receipt!;
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const next = (character: string): string => alphabet[(alphabet.indexOf(character) + 1) % 64]!;
    const forged = [...text].map((c, i) => text.slice(0, i) + next(c) + text.slice(i + 1));
    for (const other of [
      ...forged,
      '',
      ' ',
      `${text}=`,
      `${text} `,
      ` ${text}`,
      `${text}A`,
      text.slice(1),
      text.slice(0, -1),
      text + text,
      text.replace(/.$/, '+'),
      comment.id,
      'AAAAAQAAAAAAAAAAAAAAAAAAAAA',
      '\0',
      '\ud800',
      'x'.repeat(10_000),
    ])
      expect(await findByReceipt(other)).toBeNull();
  });
});
