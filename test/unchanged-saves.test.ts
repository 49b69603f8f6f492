import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import type { Client } from './client.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;
let writer: Client;
let moderator: Client;

beforeAll(async () => {
  gateway = await startGateway(async (sql) => {
    await write(sql, {
      authors: [{ id: 1 }],
      articles: [{ id: 1, topics: [] }],
      comments: [{ id: 1, article: 1 }],
    });
    await sql.query(`UPDATE article SET body_source = '<p>Some <b>bold</b> words</p>', body_format = 'HTML';
      UPDATE comment SET body_source = '<p>A <b>bold</b> comment</p>', body_format = 'HTML'`);
  });
  writer = gateway.as({ name: 'Wren', role: 'WRITER' });
  moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
});

afterAll(() => gateway.stop());

interface Article {
  id: string;
  version: number;
  updatedAt: string;
  excerpt: string;
  body: { markdown: string };
}

const ARTICLE = `... on Error { code message } ... on ArticleSuccess { article { id version updatedAt excerpt body { markdown } } }`;

async function update(who: Client, id: string, input: Record<string, unknown>): Promise<Article & { code?: string }> {
  const { data, errors } = await who.ask<{ updateArticle: { article?: Article; code?: string } }>(
    `mutation ($input: UpdateArticleInput!) { updateArticle(input: $input) { ${ARTICLE} } }`,
    { input: { id, ...input } },
  );
  expect(errors).toBeUndefined();
  return { ...data.updateArticle.article!, ...(data.updateArticle.code && { code: data.updateArticle.code }) };
}

const revisions = async (): Promise<number> =>
  (await gateway.sql.query<{ count: number }>('SELECT count(*)::int FROM article_revision')).rows[0]!.count;

const CONTENT = {
  title: 'Swifts',
  markdown: 'They *sleep*.\n\nAnd eat.',
  excerpt: 'About swifts',
  topics: ['Birds', 'Sleep'],
  cover: { url: 'https://example.com/a.png', alt: 'A swift', width: 10 },
  commentPolicy: 'OPEN',
};

describe('updateArticle', () => {
  it('without a change makes no version and no revision, whichever fields it has', async () => {
    const { data } = await writer.ask<{ createArticle: { article: Article } }>(
      `mutation ($input: CreateArticleInput!) { createArticle(input: $input) { ${ARTICLE} } }`,
      { input: { slug: 'swifts', ...CONTENT } },
    );
    const created = data.createArticle.article;
    const before = await revisions();
    const unchanged = [
      {},
      { ...CONTENT, slug: 'swifts' },
      { title: '  Swifts ' },
      { topics: ['birds', 'sleep', 'Birds'] },
      { markdown: CONTENT.markdown },
      { cover: { ...CONTENT.cover, caption: '' } },
    ];
    for (const input of unchanged)
      expect(await update(writer, created.id, { expectedVersion: 1, ...input })).toEqual(created);
    expect(await revisions()).toBe(before);
    // The version is checked all the same.
    expect(await update(writer, created.id, { expectedVersion: 2 })).toMatchObject({ code: 'CONFLICT' });
  });

  it.each([
    [{ title: 'Swift' }],
    [{ slug: 'swift' }],
    [{ markdown: 'They *sleep*.' }],
    [{ excerpt: 'Swifts' }],
    [{ excerpt: '' }],
    [{ topics: ['Sleep', 'Birds'] }],
    [{ topics: ['Birds'] }],
    [{ topics: [] }],
    [{ topics: ['Birds', 'Sleep', 'New'] }],
    [{ cover: { ...CONTENT.cover, width: 11 } }],
    [{ cover: null }],
    [{ commentPolicy: 'CLOSED' }],
    [{ commentPolicy: null }],
  ])('with %j makes one', async (input) => {
    const { data } = await writer.ask<{ createArticle: { article: Article } }>(
      `mutation ($input: CreateArticleInput!) { createArticle(input: $input) { ${ARTICLE} } }`,
      { input: CONTENT },
    );
    const before = await revisions();
    expect(await update(writer, data.createArticle.article.id, { expectedVersion: 1, ...input })).toMatchObject({
      version: 2,
    });
    expect(await revisions()).toBe(before + 1);
  });

  it('with the Markdown that an imported article shows keeps its source', async () => {
    const id = encodeId('Article', 1);
    const { data } = await gateway.ask<{ node: { body: { markdown: string } } }>(
      `{ node(id: "${id}") { ... on Article { body { markdown } } } }`,
    );
    const before = await revisions();
    const input = { expectedVersion: 1, markdown: data.node.body.markdown };
    expect(await update(moderator, id, input)).toMatchObject({ version: 1 });
    expect(await revisions()).toBe(before);
    expect(await update(moderator, id, { ...input, markdown: 'Other words' })).toMatchObject({ version: 2 });
    // The imported content, and the new one.
    expect(await revisions()).toBe(before + 2);
  });
});

describe('editComment', () => {
  const edit = (body: string) =>
    moderator.ask<{ editComment: { comment: { version: number; editedAt: string | null } } }>(
      `mutation ($input: EditCommentInput!) { editComment(input: $input) { ... on EditCommentSuccess { comment { version editedAt } } } }`,
      { input: { id: encodeId('Comment', 1), body } },
    );
  const stored = async () =>
    (
      await gateway.sql.query<{ versions: number; events: number }>(
        'SELECT (SELECT count(*)::int FROM comment_version) AS versions, (SELECT count(comment_id)::int FROM comment_event) AS events',
      )
    ).rows[0]!;

  it('with the words that a comment shows makes no version and no event, also of an imported one', async () => {
    const { data } = await gateway.ask<{ comment: { body: { markdown: string } } }>(
      `{ comment(id: "${encodeId('Comment', 1)}") { body { markdown } } }`,
    );
    expect((await edit(data.comment.body.markdown)).data.editComment.comment).toEqual({ version: 1, editedAt: null });
    expect(await stored()).toEqual({ versions: 0, events: 0 });
    for (const body of ['Other words', ' Other words\n'])
      expect((await edit(body)).data.editComment.comment.version).toBe(2);
    expect(await stored()).toEqual({ versions: 1, events: 1 });
    // What was HTML as Markdown has other words.
    await gateway.sql.query(`UPDATE comment SET body_source = 'a &amp; b', body_format = 'HTML'`);
    expect((await edit('a &amp; b')).data.editComment.comment.version).toBe(3);
  });
});
