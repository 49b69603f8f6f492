import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeIdOf, encodeId } from '../schema/content/ids.ts';
import { verify } from '../src/database/derived/verify.ts';
import { asSeen } from './as-seen.ts';
import type { Client } from './client.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;
let moderator: Client;
let ann: Client;
let written = 0;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: [{ id: 1 }],
      articles: [{ id: 1 }, { id: 2, policy: 'MODERATED' }],
      comments: [
        { id: 1, article: 1, status: 'SPAM' },
        { id: 2, article: 2, status: 'SPAM' },
        { id: 3, article: 2, status: 'REMOVED' },
      ],
    }),
  );
  moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
  ann = gateway.as({ name: 'Ann' });
});

afterAll(async () => {
  expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
  await gateway.stop();
});

interface Result {
  code?: string;
  receipt?: string;
  comment?: { id: string };
}

async function run(who: Client, mutation: string, input: Record<string, unknown>): Promise<Result> {
  const name = mutation[0]!.toUpperCase() + mutation.slice(1);
  const select = { moderateComments: 'comments { id }', addComment: 'receipt comment { id }' }[mutation];
  const { data, errors } = await who.ask<Record<string, Result>>(
    `mutation ($input: ${name}Input!) { ${mutation}(input: $input) { ... on Error { code }
      ... on ${name}Success { ${select ?? 'comment { id }'} } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data[mutation]!;
}

const moderate = async (action: string, ...ids: string[]): Promise<Result> =>
  run(moderator, 'moderateComments', { comments: await asSeen(gateway.sql, ids), action });

async function add(article: number, who = ann): Promise<Result & { id: string }> {
  const guest = who === gateway && { guest: { name: 'Gus', email: 'gus@example.com' } };
  const input = { articleId: encodeId('Article', article), body: `Words ${written++}`, ...guest };
  const result = await run(who, 'addComment', input);
  return { ...result, id: result.comment!.id };
}

async function status(id: string): Promise<string> {
  const { rows } = await gateway.sql.query<{ status: string }>('SELECT status FROM comment WHERE id = $1', [
    decodeIdOf('Comment', id),
  ]);
  return rows[0]!.status;
}

describe('RESTORE', () => {
  it.each(['REJECT', 'SPAM', 'REMOVE'])('after %s gives back the status that the comment had', async (action) => {
    const [visible, waiting, approved] = [(await add(1)).id, (await add(2)).id, (await add(2)).id];
    await moderate('APPROVE', approved);
    await moderate(action, visible, waiting, approved);
    await moderate('SPAM', visible, waiting, approved);
    expect(await moderate('RESTORE', visible, waiting, approved)).not.toHaveProperty('code');
    expect(await Promise.all([visible, waiting, approved].map(status))).toEqual(['VISIBLE', 'PENDING', 'VISIBLE']);
    // A second time it approves nothing either.
    await moderate('RESTORE', visible, waiting, approved);
    expect(await status(waiting)).toBe('PENDING');
    await moderate('APPROVE', waiting);
    expect(await status(waiting)).toBe('VISIBLE');
  });

  it('does not publish an edit of an approved comment that was held and not approved', async () => {
    const { id } = await add(2);
    await moderate('APPROVE', id);
    await run(ann, 'editComment', { id, body: 'Words that nobody approved' });
    await moderate('REMOVE', id);
    await moderate('RESTORE', id);
    const { rows } = await gateway.sql.query('SELECT status, waiting, body_text FROM comment WHERE id = $1', [
      decodeIdOf('Comment', id),
    ]);
    expect(rows).toEqual([{ status: 'VISIBLE', waiting: true, body_text: expect.stringMatching(/^Words \d/) }]);
  });

  it('of imported comments publishes where no approval is needed', async () => {
    const ids = [1, 2, 3].map((comment) => encodeId('Comment', comment));
    await moderate('RESTORE', ...ids);
    expect(await Promise.all(ids.map(status))).toEqual(['VISIBLE', 'PENDING', 'PENDING']);
  });

  it('does not bring back what its author removed, whatever moderators did before and after', async () => {
    const [member, guest, twice, kept] = [await add(1), await add(1, gateway), await add(1), await add(1)];
    await run(ann, 'removeComment', { id: member.id });
    await run(gateway, 'removeComment', { id: guest.id, receipt: guest.receipt });
    await moderate('REMOVE', twice.id, kept.id);
    // The answer is the same as for a first removal, and it counts as one.
    for (const _ of [1, 2]) expect(await run(ann, 'removeComment', { id: twice.id })).not.toHaveProperty('code');
    for (const { id } of [member, guest, twice]) {
      for (const action of ['RESTORE', 'APPROVE']) {
        expect(await moderate(action, kept.id, id)).toMatchObject({ code: 'INVALID_INPUT' });
        expect(await Promise.all([status(id), status(kept.id)])).toEqual(['REMOVED', 'REMOVED']);
      }
      await moderate('REJECT', id);
      for (const action of ['RESTORE', 'APPROVE'])
        expect(await moderate(action, id)).toMatchObject({ code: 'INVALID_INPUT' });
      expect(await status(id)).toBe('REJECTED');
      await moderate('REMOVE', id);
      expect(await status(id)).toBe('REMOVED');
    }
    const { rows } = await gateway.sql.query(
      'SELECT count(*)::int AS removals FROM moderation_entry WHERE comment_id = $1 AND action IS NULL',
      [decodeIdOf('Comment', twice.id)],
    );
    expect(rows).toEqual([{ removals: 1 }]);
    await moderate('RESTORE', kept.id);
    expect(await status(kept.id)).toBe('VISIBLE');
  });

  it('brings back what a moderator removed as its author would', async () => {
    const { id } = await add(1);
    await run(moderator, 'removeComment', { id });
    await moderate('RESTORE', id);
    expect(await status(id)).toBe('VISIBLE');
  });
});
