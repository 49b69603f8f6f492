import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { asSeen } from './as-seen.ts';
import type { Client } from './client.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: [{ id: 1 }],
      articles: [{ id: 1 }, { id: 2, policy: 'MODERATED' }, { id: 3 }],
    }),
  );
});

afterAll(() => gateway.stop());

async function add(who: Client, article: number, body: string): Promise<string> {
  const { data } = await who.ask<{ addComment: { comment: { id: string } } }>(
    `mutation ($input: AddCommentInput!) { addComment(input: $input) { ... on AddCommentSuccess { comment { id } } } }`,
    { input: { articleId: encodeId('Article', article), body } },
  );
  return data.addComment.comment.id;
}

interface Page {
  viewer: {
    comments: {
      nodes: { id: string; status: string; viewer: { reasons: string[] } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
      totalCount: number;
    };
  };
}

const OWN = `query ($first: Int, $after: String, $status: CommentStatus) { viewer { comments(first: $first, after: $after, status: $status) {
  nodes { id status body { text } root { id } viewer { reasons } } pageInfo { hasNextPage endCursor } totalCount } } }`;

it('an author sees their comments of every status, with the reasons, in pages and by id, and nobody else does', async () => {
  const [ann, other] = [gateway.as({ name: 'Ann' }), gateway.as({ name: 'Otto' })];
  const moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
  const [visible, rejected, spam, held, unpublished] = [
    await add(ann, 1, 'One'),
    await add(ann, 1, 'Two'),
    await add(ann, 1, 'Three'),
    await add(ann, 2, 'Four'),
    await add(ann, 3, 'Five'),
  ];
  await add(other, 1, 'Of somebody else');
  await gateway.sql.query(`UPDATE article SET status = 'ARCHIVED' WHERE id = 3`);
  for (const [action, id, reason] of [
    ['REJECT', rejected, 'Off topic'],
    ['SPAM', spam, null],
  ] as const)
    await moderator.ask(
      `mutation ($input: ModerateCommentsInput!) { moderateComments(input: $input) { __typename } }`,
      {
        input: { action, reason, comments: await asSeen(gateway.sql, [id]) },
      },
    );
  const found: Page['viewer']['comments']['nodes'] = [];
  for (let after: string | null = null; ; ) {
    const page: Page['viewer']['comments'] = (await ann.ask<Page>(OWN, { first: 3, after })).data.viewer.comments;
    expect(page.totalCount).toBe(4);
    found.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  expect(found.map(({ id, status, viewer }) => [id, status, viewer.reasons])).toEqual([
    [held, 'PENDING', ['Every comment on this article waits for a moderator.']],
    [spam, 'SPAM', []],
    [rejected, 'REJECTED', ['Off topic']],
    [visible, 'VISIBLE', []],
  ]);
  const { data } = await ann.ask<Page>(OWN, { status: 'REJECTED' });
  expect(data.viewer.comments.nodes.map(({ id }) => id)).toEqual([rejected]);
  const [one, many] = [await ann.ask(OWN, { first: 2 }), await ann.ask(OWN, { first: 4 })];
  expect(many.statements).toHaveLength(one.statements.length);

  const byId = async (who: Client) =>
    (
      await who.ask<{ nodes: unknown[]; comment: unknown }>(
        `query ($ids: [ID!]!, $id: ID!) { nodes(ids: $ids) { ... on Comment { status viewer { reasons } } }
          comment(id: $id) { status viewer { reasons } moderation { holdReasons } } }`,
        { ids: [rejected, spam, held, unpublished], id: rejected },
      )
    ).data;
  const own = { status: 'REJECTED', viewer: { reasons: ['Off topic'] } };
  expect(await byId(ann)).toMatchObject({
    nodes: [own, { status: 'SPAM' }, { status: 'PENDING' }, null],
    comment: { ...own, moderation: null },
  });
  for (const who of [other, gateway])
    expect(await byId(who)).toEqual({ nodes: [null, null, null, null], comment: null });
});
