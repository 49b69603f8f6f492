import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { schema } from '../schema/index.ts';
import { asSeen } from './as-seen.ts';
import type { Client } from './client.ts';
import { everything, type Json } from './full-documents.ts';
import { NO_COST_LIMIT, startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

// A client that keeps one object for each id needs the same values wherever it reads the object.

const ARTICLE = encodeId('Article', 1);
const GUEST = { name: 'Gus', email: 'gus@example.com' };
const LINKS = 'https://a.example https://b.example https://c.example';
const { spread, fragments } = everything(schema.getType('Comment') as never, 1);

let gateway: TestGateway;
let moderator: Client;

beforeAll(async () => {
  gateway = await startGateway(
    (sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }], comments: [{ id: 1, article: 1 }] }),
    NO_COST_LIMIT,
  );
  moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
});

afterAll(() => gateway.stop());

interface Access {
  canEdit: boolean;
  canRemove: boolean;
  editableUntil: string | null;
  reasons: string[];
  pendingBody: { text: string } | null;
}

interface Result {
  held: boolean;
  receipt: string | null;
  guestAccess: Access | null;
  comment: { Comment_id: string } & Record<string, Json>;
}

const ACCESS = 'guestAccess { canEdit canRemove editableUntil reasons pendingBody { text } }';

async function run(who: Client, mutation: string, input: Record<string, unknown>): Promise<Result> {
  const name = mutation[0]!.toUpperCase() + mutation.slice(1);
  const own = { addComment: `held receipt ${ACCESS}`, editComment: `held ${ACCESS}` }[mutation] ?? '';
  const { data, errors } = await who.ask<Record<string, Result>>(
    `mutation ($input: ${name}Input!) { ${mutation}(input: $input) { ... on ${name}Success { ${own} comment { ${spread} } } } } ${fragments}`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data[mutation]!;
}

async function byReceipt(receipt: string): Promise<{ comment: object; access: Access }> {
  const { data } = await gateway.ask<{ comment: object; guestAccess: Access }>(
    `query ($receipt: String!) { comment: commentByReceipt(receipt: $receipt) { ${spread} }
      ${ACCESS.replace('guestAccess', 'guestAccess(receipt: $receipt)')} } ${fragments}`,
    { receipt },
  );
  return { comment: data.comment, access: data.guestAccess };
}

async function byId(who: Client, id: string): Promise<object> {
  const query = `query ($id: ID!) { comment(id: $id) { ${spread} } } ${fragments}`;
  return (await who.ask<{ comment: object }>(query, { id })).data.comment;
}

function subscribe(who: Client) {
  const comment = `comment { ${spread} }`;
  return who.subscribe<{ commentEvents: { comment: object } }>(
    `subscription { commentEvents(articleId: "${ARTICLE}") {
      ... on CommentAdded { ${comment} } ... on CommentChanged { ${comment} } ... on CommentRemoved { ${comment} } } } ${fragments}`,
  );
}

async function approve(id: string): Promise<void> {
  await moderator.ask(`mutation ($input: ModerateCommentsInput!) { moderateComments(input: $input) { __typename } }`, {
    input: { action: 'APPROVE', comments: await asSeen(gateway.sql, [id]) },
  });
}

describe('every field of a comment has one value for one viewer', () => {
  it.each(['a guest', 'a member'])('in mutations, queries and events: %s', async (name) => {
    const isGuest = name === 'a guest';
    const who = isGuest ? gateway : gateway.as({ name: 'Ann' });
    const events = subscribe(who);
    await events.arrived(1);
    const added = await run(who, 'addComment', {
      ...{ articleId: ARTICLE, body: 'First words', idempotencyKey: name },
      ...(isGuest && { guest: GUEST }),
    });
    const id = added.comment.Comment_id;
    const { receipt } = added;
    const shown = receipt ? { receipt } : {};
    const read = async (): Promise<object> => {
      const found = await byId(who, id);
      if (receipt) expect((await byReceipt(receipt)).comment).toEqual(found);
      return found;
    };
    const event = async (count: number) => (await events.arrived(count))[count - 1]!.commentEvents.comment;
    expect(await event(2)).toEqual(added.comment);
    expect(await read()).toEqual(added.comment);
    const edited = await run(who, 'editComment', { id, body: 'Second words', ...shown });
    expect(await event(3)).toEqual(edited.comment);
    expect(await read()).toEqual(edited.comment);
    const held = await run(who, 'editComment', { id, body: LINKS, ...shown });
    expect(held.held).toBe(true);
    expect(await read()).toEqual(held.comment);
    await approve(id);
    expect(await event(4)).toEqual(await read());
    await run(moderator, 'addComment', { articleId: ARTICLE, parentId: id, body: `Reply to ${name}` });
    const removed = await run(who, 'removeComment', { id, ...shown });
    expect(await event(6)).toEqual(removed.comment);
    expect(await read()).toEqual(removed.comment);
    await events.stop();
  });
});

describe('what a receipt permits', () => {
  const none = { canEdit: false, canRemove: false, editableUntil: null, reasons: [], pendingBody: null };

  it('is beside the comment, the same in the answer of a mutation and by the receipt', async () => {
    const added = await run(gateway, 'addComment', { articleId: ARTICLE, body: 'Words of a guest', guest: GUEST });
    const { receipt, comment } = added;
    const id = comment.Comment_id;
    expect(added.guestAccess).toEqual({
      ...{ ...none, canEdit: true, canRemove: true, editableUntil: expect.any(String) },
    });
    expect((await byReceipt(receipt!)).access).toEqual(added.guestAccess);
    const edited = await run(gateway, 'editComment', { id, body: LINKS, receipt });
    expect(edited.guestAccess).toEqual({
      ...{ ...added.guestAccess, reasons: [expect.stringContaining('3 links')], pendingBody: { text: LINKS } },
    });
    expect((await byReceipt(receipt!)).access).toEqual(edited.guestAccess);
    await gateway.sql.query(`UPDATE article SET comment_policy = 'CLOSED' WHERE id = 1`);
    expect((await byReceipt(receipt!)).access).toMatchObject({ canEdit: false, canRemove: true, editableUntil: null });
    await gateway.sql.query(`UPDATE article SET comment_policy = 'OPEN' WHERE id = 1`);
    await gateway.sql.query(`UPDATE comment SET created_at = created_at - interval '1 day' WHERE status = 'VISIBLE'`);
    expect((await byReceipt(receipt!)).access).toMatchObject({ canEdit: false, canRemove: true, editableUntil: null });
    await run(gateway, 'removeComment', { id, receipt });
    expect((await byReceipt(receipt!)).access).toEqual(none);
  });

  it('is null for the signed-in, for another receipt, and for a text that is none', async () => {
    const ann = gateway.as({ name: 'Ann' });
    const own = await run(ann, 'addComment', { articleId: ARTICLE, body: 'Words of a member' });
    expect(own.guestAccess).toBeNull();
    const { guestAccess } = await run(ann, 'editComment', { id: own.comment.Comment_id, body: 'Other words' });
    expect(guestAccess).toBeNull();
    expect(await byReceipt('AAAAAQAAAAAAAAAAAAAAAAAAAAA')).toEqual({ comment: null, access: null });
  });
});
