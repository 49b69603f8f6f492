import { afterAll, beforeAll, expect, it } from 'vitest';
import { verify } from '../src/database/derived/verify.ts';
import type { Client } from './client.ts';
import { startGateway, type TestGateway } from './gateway.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});

afterAll(() => gateway.stop());

/** The selected fields of all mutations in the story. */
interface Result {
  article: { id: string; slug: string; version: number; topics: { id: string; slug: string }[] };
  topic: { id: string; slug: string };
  author: { slug: string };
  comment: { id: string; status: string };
  held: boolean;
  receipt: string;
}

const SELECTIONS = {
  article: '... on ArticleSuccess { article { id slug version topics { id slug } } }',
  topic: '... on TopicSuccess { topic { id slug } }',
  profile: '... on ProfileSuccess { author { slug } }',
  comment: '... on AddCommentSuccess { comment { id status } held receipt }',
  react: '... on ReactSuccess { comment { id status } }',
  decision: '... on ModerateCommentsSuccess { comments { id status } }',
};

/** Runs a mutation that must succeed. */
async function run(
  client: Client,
  field: string,
  { select, ...input }: Record<string, unknown> & { select: keyof typeof SELECTIONS },
): Promise<Result> {
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input`;
  const { data, errors } = await client.ask<Record<string, Result & { message?: string }>>(
    `mutation ($input: ${type}!) { ${field}(input: $input) { ... on Error { message } ${SELECTIONS[select]} } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  expect(data[field]!.message).toBeUndefined();
  return data[field]!;
}

const COMMENT = 'body { text } author { name kind url } isByArticleAuthor status';

/** Everything that the page of an article shows, as a reader gets it. */
const PAGE = `query ($slug: String!) { article(slug: $slug) {
  title cover { url alt caption width height } body { html } commentCount
  author { name bio { html } url avatarUrl articleCount }
  topics { name slug description articleCount parent { name description parent { name } children { name } } }
  comments(orderBy: OLDEST) { totalCount nodes { ${COMMENT} reactions { kind count } replies { nodes { ${COMMENT} } } } } } }`;

async function page(client: Client, slug: string): Promise<unknown> {
  const { data, errors } = await client.ask<{ article: unknown }>(PAGE, { slug });
  expect(errors).toBeUndefined();
  return data.article;
}

/** A draft with a cover, its topic described and below another, and its writer's profile. */
async function writeArticle(wanda: Client, mona: Client): Promise<Result['article']> {
  await run(wanda, 'updateProfile', {
    ...{ select: 'profile', bio: 'Counts *swifts*.', url: 'https://wanda.example', avatarUrl: '/faces/wanda.png' },
  });
  const { article } = await run(wanda, 'createArticle', {
    ...{ select: 'article', title: 'Swifts over the harbour', markdown: 'They **screamed**.' },
    ...{ topics: ['Swifts', 'Birds'], commentPolicy: 'MODERATED' },
    cover: { url: '/swifts.jpg', alt: 'Swifts above masts', caption: 'The harbour in June', width: 1600, height: 900 },
  });
  const [swifts, birds] = article.topics;
  await run(mona, 'updateTopic', { select: 'topic', id: birds!.id, description: 'All that flies and sings.' });
  await run(mona, 'updateTopic', {
    ...{ select: 'topic', id: swifts!.id, slug: 'common-swifts', name: 'Common swifts' },
    ...{ description: 'Apus apus, from May to August.', parentId: birds!.id },
  });
  const { article: saved } = await run(wanda, 'updateArticle', {
    ...{ select: 'article', id: article.id, expectedVersion: article.version, topics: ['Common swifts'] },
  });
  return saved;
}

/** A guest asks, a moderator lets the question through, and the author answers. @returns the question's id */
async function discuss({
  wanda,
  mona,
  articleId,
}: {
  wanda: Client;
  mona: Client;
  articleId: string;
}): Promise<string> {
  // The author's comment needs no moderator, a guest's does.
  const guest = { name: 'Gil', email: 'gil@example.com', url: 'https://gil.example/' };
  const question = await run(gateway, 'addComment', { select: 'comment', articleId, body: 'Which *year*?', guest });
  expect(question).toMatchObject({ held: true, comment: { status: 'PENDING' } });
  const count = 'query ($id: ID!) { node(id: $id) { ... on Article { commentCount comments { totalCount } } } }';
  expect((await gateway.ask(count, { id: articleId })).data).toEqual({
    node: { commentCount: 0, comments: { totalCount: 0 } },
  });
  const own = 'query ($receipt: String!) { commentByReceipt(receipt: $receipt) { status body { text } } }';
  expect((await gateway.ask(own, { receipt: question.receipt })).data).toEqual({
    commentByReceipt: { status: 'PENDING', body: { text: 'Which year?' } },
  });
  const queue = '{ moderationQueue { totalCount nodes { id body { text } article { title } } } }';
  expect((await mona.ask(queue)).data).toEqual({
    moderationQueue: {
      totalCount: 1,
      nodes: [
        { id: question.comment.id, body: { text: 'Which year?' }, article: { title: 'Swifts over the harbour' } },
      ],
    },
  });
  await run(mona, 'moderateComments', {
    select: 'decision',
    comments: [{ id: question.comment.id, version: 1 }],
    action: 'APPROVE',
  });
  const reply = { articleId, parentId: question.comment.id, body: 'This one.' };
  expect(await run(wanda, 'addComment', { select: 'comment', ...reply })).toMatchObject({ held: false });
  return question.comment.id;
}

/** The page in the end. */
const EXPECTED = {
  title: 'Swifts over the harbour',
  cover: { url: '/swifts.jpg', alt: 'Swifts above masts', caption: 'The harbour in June', width: 1600, height: 900 },
  body: { html: '<p>They <strong>screamed</strong>.</p>' },
  commentCount: 2,
  author: {
    ...{ name: 'Wanda Writer', bio: { html: '<p>Counts <em>swifts</em>.</p>' }, url: 'https://wanda.example/' },
    ...{ avatarUrl: '/faces/wanda.png', articleCount: 1 },
  },
  topics: [
    {
      ...{
        name: 'Common swifts',
        slug: 'common-swifts',
        description: 'Apus apus, from May to August.',
        articleCount: 1,
      },
      parent: {
        ...{ name: 'Birds', description: 'All that flies and sings.', parent: null },
        children: [{ name: 'Common swifts' }],
      },
    },
  ],
  comments: {
    totalCount: 1,
    nodes: [
      {
        body: { text: 'Which year?' },
        author: { name: 'Gil', kind: 'GUEST', url: 'https://gil.example/' },
        ...{ isByArticleAuthor: false, status: 'VISIBLE' },
        reactions: expect.arrayContaining([{ kind: 'LIKE', count: 1 }]),
        replies: {
          nodes: [
            {
              body: { text: 'This one.' },
              author: { name: 'Wanda Writer', kind: 'STAFF', url: 'https://wanda.example/' },
              ...{ isByArticleAuthor: true, status: 'VISIBLE' },
            },
          ],
        },
      },
    ],
  },
};

it('a blog is made by the API alone: a page with its topic, author, cover and discussion, and what waits is for its moderator', async () => {
  const wanda = gateway.as({ name: 'Wanda Writer', role: 'WRITER' });
  const mona = gateway.as({ name: 'Mona', role: 'MODERATOR' });
  const article = await writeArticle(wanda, mona);
  const { id: articleId, slug } = article;

  // A draft is nobody's: neither the article nor its topics, nor the author's profile.
  expect(await page(gateway, slug)).toBeNull();
  const hidden = '{ topics { totalCount } authors { totalCount } search(query: "swifts OR birds") { totalCount } }';
  expect((await gateway.ask(hidden)).data).toEqual({
    ...{ topics: { totalCount: 0 }, authors: { totalCount: 0 }, search: { totalCount: 0 } },
  });
  await run(wanda, 'publishArticle', { select: 'article', id: articleId });

  const questionId = await discuss({ wanda, mona, articleId });
  const rea = gateway.as({ name: 'Rea' });
  await run(rea, 'react', { select: 'react', commentId: questionId, kind: 'LIKE', on: true });
  // Another guest's comment still waits when the page is read.
  const other = { name: 'Hal', email: 'hal@example.com' };
  expect(await run(gateway, 'addComment', { select: 'comment', articleId, body: 'Buy!', guest: other })).toMatchObject({
    ...{ held: true },
  });

  for (const client of [gateway, rea, wanda]) expect(await page(client, slug)).toEqual(EXPECTED);
  // The topic's first address still leads there, and the topic above shows what is below it.
  const site = `{ topic(slug: "swifts") { slug articles { nodes { slug } } } topics { nodes { name } }
    birds: topic(slug: "birds") { articleCount children { slug } } authors { nodes { name } } }`;
  expect((await gateway.ask(site)).data).toEqual({
    topic: { slug: 'common-swifts', articles: { nodes: [{ slug }] } },
    topics: { nodes: [{ name: 'Birds' }, { name: 'Common swifts' }] },
    birds: { articleCount: 0, children: [{ slug: 'common-swifts' }] },
    authors: { nodes: [{ name: 'Wanda Writer' }] },
  });
  expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
});
