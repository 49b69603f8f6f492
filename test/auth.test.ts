import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';

const VIEWER = '{ viewer { role author { slug name kind avatarUrl } } }';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});

afterAll(() => gateway.stop());

describe('somebody who signs in', () => {
  it('is nobody without a token', async () => {
    expect((await gateway.ask(VIEWER)).data).toEqual({ viewer: null });
  });

  it('becomes a member when first seen, and the staff with a role that writes', async () => {
    expect((await gateway.as({ name: 'Ann' }).ask(VIEWER)).data).toEqual({
      viewer: { role: 'READER', author: { slug: 'ann', name: 'Ann', kind: 'MEMBER', avatarUrl: null } },
    });
    expect((await gateway.as({ name: 'Ann', sub: 'other', role: 'WRITER' }).ask(VIEWER)).data).toEqual({
      viewer: { role: 'WRITER', author: { slug: 'ann-2', name: 'Ann', kind: 'STAFF', avatarUrl: null } },
    });
  });

  it('is one author, however many requests are the first at once', async () => {
    const asked = Array.from({ length: 30 }, (_, i) => gateway.as({ name: 'Bea', sub: `bea-${i % 3}` }).ask(VIEWER));
    const answers = await Promise.all(asked);
    expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(3);
  });
});
