import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import type { Client } from './client.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }, { id: 2, policy: 'MODERATED' }] }),
  );
});

afterAll(() => gateway.stop());

interface Result {
  __typename: string;
  code?: string;
  receipt?: string;
  comment?: { id: string; body: { text: string } };
}

async function run(who: Client, mutation: string, input: Record<string, unknown>): Promise<Result> {
  const name = mutation[0]!.toUpperCase() + mutation.slice(1);
  const { data, errors } = await who.ask<Record<string, Result>>(
    `mutation ($input: ${name}Input!) { ${mutation}(input: $input) { __typename ... on Error { code }
      ... on ${name}Success { ${mutation === 'addComment' ? 'receipt' : ''} comment { id body { text } } } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data[mutation]!;
}

async function viewerOf(who: Client, id: string): Promise<unknown> {
  const { data } = await who.ask<{ comment: { viewer: unknown } }>(
    'query ($id: ID!) { comment(id: $id) { viewer { canEdit canRemove canReply editableUntil } } }',
    { id },
  );
  return data.comment.viewer;
}

const close = () => gateway.sql.query(`UPDATE article SET comment_policy = 'CLOSED'`);

it('a closed discussion takes no edits from its readers, shows it, and lets them remove', async () => {
  const ann = gateway.as({ name: 'Ann' });
  const staff = gateway.as({ name: 'Wren', role: 'WRITER' });
  const moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
  const guest = { name: 'Gus', email: 'gus@example.com' };
  const articleId = encodeId('Article', 1);
  const [own, ofGuest, ofStaff, held] = [
    await run(ann, 'addComment', { articleId, body: 'First words' }),
    await run(gateway, 'addComment', { articleId, body: 'Words of a guest', guest }),
    await run(staff, 'addComment', { articleId, body: 'Words of staff' }),
    await run(ann, 'addComment', { articleId: encodeId('Article', 2), body: 'Words that wait' }),
  ];
  const id = own.comment!.id;
  expect(await viewerOf(ann, id)).toMatchObject({ canEdit: true, editableUntil: expect.any(String) });
  await close();

  const refused = { __typename: 'CommentsClosedError', code: 'COMMENTS_CLOSED' };
  expect(await run(ann, 'editComment', { id, body: 'Other words' })).toEqual(refused);
  expect(await run(ann, 'editComment', { id: held.comment!.id, body: 'Other words' })).toEqual(refused);
  const { receipt } = ofGuest;
  expect(await run(gateway, 'editComment', { id: ofGuest.comment!.id, body: 'Other words', receipt })).toEqual(refused);
  // A reader who may not edit the comment gets the same error as in an open discussion.
  expect(await run(gateway.as({ name: 'Otto' }), 'editComment', { id, body: 'Mine' })).toMatchObject({
    code: 'FORBIDDEN',
  });
  expect(await run(gateway.as({ name: 'Otto' }), 'editComment', { id: held.comment!.id, body: 'Mine' })).toMatchObject({
    code: 'NOT_FOUND',
  });
  const { rows } = await gateway.sql.query('SELECT FROM comment_version');
  expect(rows).toHaveLength(0);
  expect(await viewerOf(ann, id)).toEqual({ canEdit: false, canRemove: true, canReply: false, editableUntil: null });

  const edited = await run(staff, 'editComment', { id: ofStaff.comment!.id, body: 'Better words of staff' });
  expect(edited.comment!.body.text).toBe('Better words of staff');
  expect(await viewerOf(staff, ofStaff.comment!.id)).toMatchObject({ canEdit: true });
  expect((await run(moderator, 'editComment', { id, body: 'By a moderator' })).comment!.body.text).toBe(
    'By a moderator',
  );

  expect(await run(ann, 'removeComment', { id })).toMatchObject({ __typename: 'RemoveCommentSuccess' });
  expect(await run(gateway, 'removeComment', { id: ofGuest.comment!.id, receipt })).toMatchObject({
    __typename: 'RemoveCommentSuccess',
  });
});
