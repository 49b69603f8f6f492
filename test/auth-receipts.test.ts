import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { readConfig } from '../src/config.ts';
import { createLogger } from '../src/logger.ts';
import { start } from '../src/start.ts';
import { type Asking, startGateway, type TestGateway } from './gateway.ts';

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
        (3, 'leaving', 'Leaving', '', '', '', '', 'PUBLISHED', now(), 1, 'OPEN'),
        (4, 'going', 'Going', '', '', '', '', 'PUBLISHED', now(), 1, 'OPEN');
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

async function shown(receipt: string, by: Pick<TestGateway, 'ask'> = gateway): Promise<ByReceipt['commentByReceipt']> {
  const { data, errors } = await by.ask<ByReceipt>(BY_RECEIPT, { receipt });
  expect(errors).toBeUndefined();
  return data.commentByReceipt;
}

describe('a receipt', () => {
  it('shows a guest their comment, whatever its status, and to nobody else', async () => {
    for (const article of [1, 2]) {
      const { receipt, comment } = await add(article);
      expect(await shown(receipt!)).toMatchObject({ id: comment.id, status: comment.status, body: { text: 'Hello' } });
    }
    const { receipt, comment, held } = await add(2);
    expect(held).toBe(true);
    expect((await gateway.ask<Record<string, unknown>>(`{ comment(id: "${comment.id}") { id } }`)).data).toEqual({
      comment: null,
    });
    const id = Number(Buffer.from(comment.id, 'base64url').toString().split(':')[1]);
    for (const status of ['REJECTED', 'SPAM', 'REMOVED']) {
      await gateway.sql.query('UPDATE comment SET status = $1 WHERE id = $2', [status, id]);
      expect(await shown(receipt!)).toMatchObject({ id: comment.id, status });
    }
  });

  it('is the same again for the same key, and none for whoever is signed in', async () => {
    const first = await add(1, { idempotencyKey: 'k' });
    expect(await add(1, { idempotencyKey: 'k' })).toEqual(first);
    const { data } = await gateway.as({ name: 'Member' }).ask<Added>(ADD, {
      input: { articleId: encodeId('Article', 1), body: 'Signed in' },
    });
    expect(data.addComment).toMatchObject({ held: false, receipt: null });
  });

  it('is good at every gateway on the database', async () => {
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

  it('shows nothing once its article is not public', async () => {
    const { receipt } = await add(3);
    expect(await shown(receipt!)).not.toBeNull();
    await gateway.sql.query("UPDATE article SET status = 'DRAFT' WHERE id = 3");
    expect(await shown(receipt!)).toBeNull();
  });

  it('does nothing either then, as for a comment that is not there: the answer would show the article', async () => {
    const { receipt, comment } = await add(4);
    const member = gateway.as({ name: 'Member' });
    const { data } = await member.ask<Added>(ADD, { input: { articleId: encodeId('Article', 4), body: 'Signed in' } });
    const others = encodeId('Comment', 9_999);
    await gateway.sql.query("UPDATE article SET status = 'ARCHIVED', title = 'Secret' WHERE id = 4");
    const act = async (who: Asking, id: string, shown: string | null) => {
      const { data } = await who.ask<Record<'edited' | 'removed', object>>(
        `mutation ($id: ID!, $receipt: String) {
          edited: editComment(input: { id: $id, receipt: $receipt, body: "New" }) {
            __typename ... on Error { code message } ... on EditCommentSuccess { comment { article { title } } } }
          removed: removeComment(input: { id: $id, receipt: $receipt }) {
            __typename ... on Error { code message } ... on RemoveCommentSuccess { comment { article { title } } } } }`,
        { id, receipt: shown },
      );
      return data;
    };
    const missing = await act(gateway, others, receipt);
    const notFound = { __typename: 'NotFoundError', code: 'NOT_FOUND', message: 'There is no such comment.' };
    expect(missing).toEqual({ edited: notFound, removed: notFound });
    expect(await act(gateway, comment.id, receipt)).toEqual(missing);
    expect(await act(member, data.addComment.comment.id, null)).toEqual(missing);
    const moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
    const seen = { comment: { article: { title: 'Secret' } } };
    expect(await act(moderator, comment.id, null)).toMatchObject({ edited: seen, removed: seen });
  });

  it('is nothing once a character of it is another, also for one of the spare bits of its last', async () => {
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
      expect(await shown(other)).toBeNull();
  });
});
