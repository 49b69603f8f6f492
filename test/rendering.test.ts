import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import type { Client } from './client.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

/** Among the most work to render: half a second. */
const HOSTILE = 'http://a.b/(((('.repeat(10_000);

/** Requests that are answered during one rendering. Before it starts, the save takes the time of some five. */
const ENOUGH = 50;

let gateway: TestGateway;
/** A gateway whose texts have no time to be rendered. */
let hurried: TestGateway;

beforeAll(async () => {
  const seed = (sql: TestGateway['sql']) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] });
  gateway = await startGateway(seed);
  hurried = await startGateway(seed, {}, { conversionDeadline: 1 });
});

afterAll(async () => {
  await gateway.stop();
  await hurried.stop();
});

async function save(client: Client, mutation: 'createArticle' | 'updateArticle', input: object) {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
  const { data } = await client.ask<Record<string, { __typename: string; code?: string; path?: string[] }>>(
    `mutation ($input: ${type}!) { ${mutation}(input: $input) {
      __typename ... on Error { code message } ... on InvalidInputError { path } } }`,
    { input },
  );
  return data[mutation]!;
}

it('other requests are answered while a long article is rendered', async () => {
  let isSaved = false;
  const saved = save(gateway.as({ name: 'Wren', role: 'WRITER' }), 'createArticle', { title: 'A', markdown: HOSTILE });
  void saved.finally(() => {
    isSaved = true;
  });
  let answered = 0;
  // Not as many as possible: the thread has a low priority, and would wait for the requests.
  while (!isSaved && answered < ENOUGH) {
    const { data } = await gateway.ask<{ articles: { nodes: object[] } }>('{ articles { nodes { title } } }');
    expect(data.articles.nodes).toHaveLength(1);
    if (!isSaved) answered += 1;
  }
  expect(await saved).toMatchObject({ __typename: 'ArticleSuccess' });
  // On the main thread, no request was answered between the first steps of the save and its end.
  expect(answered).toBeGreaterThan(10);
}, 60_000);

it('a text that takes too long to render is refused with the field, and nothing changes', async () => {
  const admin = hurried.as({ name: 'Ada', role: 'ADMIN' });
  const stored = async () =>
    (
      await hurried.sql.query(`SELECT (SELECT json_agg(a ORDER BY id) FROM article a) articles,
        (SELECT json_agg(r) FROM article_revision r) revisions`)
    ).rows;
  const before = await stored();
  const refused = { __typename: 'InvalidInputError', code: 'INVALID_INPUT', path: ['input', 'markdown'] };
  const input = { id: encodeId('Article', 1), expectedVersion: 1, title: 'B', markdown: HOSTILE };
  expect(await save(admin, 'updateArticle', input)).toMatchObject(refused);
  expect(await save(admin, 'createArticle', { title: 'C', markdown: HOSTILE })).toMatchObject(refused);
  expect(await stored()).toEqual(before);
  expect(await save(admin, 'updateArticle', { ...input, markdown: 'Short.' })).toMatchObject({
    __typename: 'ArticleSuccess',
  });
});

it('a comment whose rendering stacks marks is refused', async () => {
  const { data } = await gateway.ask<{ addComment: { code: string; message: string } }>(
    `mutation ($input: AddCommentInput!) { addComment(input: $input) { ... on Error { code message } } }`,
    {
      input: {
        articleId: encodeId('Article', 1),
        body: `a${'&#x301;'.repeat(9)}`,
        guest: { name: 'Ann', email: 'ann@example.com' },
      },
    },
  );
  expect(data.addComment).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('stacks more') });
});
