import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../../schema/content/ids.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { write } from '../seed.ts';

const ENTRIES = 100;
const ids = Array.from({ length: ENTRIES }, () => encodeId('Article', 1));

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
});

afterAll(() => gateway.stop());

/** Milliseconds of this process, in which the gateway runs, for an operation. */
async function processorTime(query: string, variables: Record<string, unknown>): Promise<number> {
  const before = process.cpuUsage();
  await gateway.ask(query, variables);
  return process.cpuUsage(before).user / 1_000;
}

function times(count: number, one: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => one(i)).join(' ');
}

describe('the time that an operation takes', () => {
  it('does not depend on the lines before each of its errors', async () => {
    const document = (space: string, first: number) =>
      `${space}query ($ids: [ID!]!) { ${times(3, (i) => `n${i}: nodes(ids: $ids) { ... on Article { comments(first: ${first}) { __typename } } }`)} }`;
    const { errors } = await gateway.ask(document('\n', -1), { ids });
    expect(errors).toHaveLength(3 * ENTRIES);
    const ofOneLine = await processorTime(document(' '.repeat(90_000), -1), { ids });
    // A new document, then another text that shares it.
    for (const first of [-1, -2])
      expect(await processorTime(document('\n'.repeat(90_000), first), { ids })).toBeLessThan(2 * ofOneLine + 200);
  });

  it.each([
    ['a cursor', 'String', 'comments(first: 0, after: $long) { __typename }'],
    ['a cursor of a thread', 'String', 'thread(first: 0, after: $long) { __typename }'],
    ['a cursor of events', 'EventCursor!', 'events(first: 0, after: $long) { __typename }'],
    ['an id', 'ID', 'thread(first: 0, around: $long) { __typename }'],
  ])('does not grow with the length of %s times the entries of a list', async (_, type, field) => {
    const long = Buffer.from(JSON.stringify(Array.from({ length: 350_000 }, () => 0))).toString('base64url');
    const query = `query ($ids: [ID!]!, $long: ${type}) { nodes(ids: $ids) { ... on Article { ${field} } } }`;
    const ofOne = await processorTime(query, { ids: ids.slice(0, 1), long });
    expect(await processorTime(query, { ids, long })).toBeLessThan(5 * ofOne + 200);
  });

  it.each([
    ['an id', 'node(id: $long)'],
    ['a slug of an article', 'article(slug: $long)'],
    ['a slug of a topic', 'topic(slug: $long)'],
    ['a slug of an author', 'author(slug: $long)'],
    ['a path', 'resolvePath(path: $long)'],
    ['a receipt', 'commentByReceipt(receipt: $long)'],
    ['a receipt that permits', 'guestAccess(receipt: $long)'],
    ['conditions', 'articles(first: 0, where: { topic: $long, author: $long })'],
  ])('does not grow with the length of %s times the fields at the top', async (_, field) => {
    const type = /node/.test(field) ? 'ID!' : 'String!';
    const query = (count: number) =>
      `query ($long: ${type}) { ${times(count, (i) => `a${i}: ${field} { __typename }`)} }`;
    const long = `/${'%C3%9C'.repeat(160_000)}`;
    const ofOne = await processorTime(query(1), { long });
    expect(await processorTime(query(90), { long })).toBeLessThan(5 * ofOne + 200);
  });
});
