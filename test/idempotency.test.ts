import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import type { Client } from './client.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { random, write } from './seed.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }, { id: 2 }] }));
});

afterAll(() => gateway.stop());

const guest = { name: 'Gus', email: 'gus@example.com' };

async function add(who: Client, input: Record<string, unknown>): Promise<string> {
  const { data } = await who.ask(
    `mutation ($input: AddCommentInput!) { addComment(input: $input) { __typename
      ... on Error { code } ... on AddCommentSuccess { held receipt comment { id body { text } createdAt } } } }`,
    { input: { articleId: encodeId('Article', 1), body: 'Once', ...input } },
  );
  return JSON.stringify(data);
}

const written = async () => (await gateway.sql.query('SELECT count(*)::int AS n FROM comment')).rows[0].n as number;

it('a key sent fifty times at once to two gateways is one comment and one answer, and after a restart', async () => {
  const environment = { DATABASE_URL: gateway.databaseUrl };
  const second = await startGateway(undefined, environment);
  for (const [who, other, input] of [
    [gateway, second, { guest, idempotencyKey: 'key' }],
    [gateway.as({ name: 'Ann' }), second.as({ name: 'Ann' }), { idempotencyKey: 'key' }],
  ] as const) {
    const before = await written();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => add(n % 2 ? who : other, input)));
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/AddCommentSuccess/);
    expect(await written()).toBe(before + 1);
  }
  const answer = await add(second, { guest, idempotencyKey: 'key' });
  await second.stop();
  const third = await startGateway(undefined, environment);
  expect(await add(third, { guest, idempotencyKey: 'key' })).toBe(answer);
  await third.stop();
});

it('a key of any characters has up to 200 UTF-16 code units', async () => {
  const next = random(1);
  // Many code units of such letters are one character for readers.
  const jamo = (length: number) =>
    Array.from({ length }, () => String.fromCharCode(0x1100 + Math.floor(next() * 0x5f))).join('');
  for (const length of [201, 3_200])
    expect(await add(gateway, { guest, idempotencyKey: jamo(length) })).toMatch(/InvalidInputError/);
  const idempotencyKey = jamo(200);
  const first = await add(gateway, { guest, idempotencyKey });
  expect(first).toMatch(/AddCommentSuccess/);
  expect(await add(gateway, { guest, idempotencyKey })).toBe(first);
});

it('a key with other content is a conflict, also on two articles at once, and belongs to one person', async () => {
  const ann = gateway.as({ name: 'Ann' });
  await add(ann, { idempotencyKey: 'other' });
  expect(await add(ann, { idempotencyKey: 'other', body: 'Twice' })).toMatch(/ConflictError/);
  expect(await add(ann, { idempotencyKey: 'other', articleId: encodeId('Article', 2) })).toMatch(/ConflictError/);
  expect(await add(gateway.as({ name: 'Ben' }), { idempotencyKey: 'other', body: 'Twice' })).toMatch(/Success/);
  const before = await written();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      add(ann, { idempotencyKey: 'both', articleId: encodeId('Article', 1 + (n % 2)) }),
    ),
  );
  expect(answers.filter((answer) => answer.includes('AddCommentSuccess'))).toHaveLength(10);
  expect(answers.filter((answer) => answer.includes('ConflictError'))).toHaveLength(10);
  expect(await written()).toBe(before + 1);
});
