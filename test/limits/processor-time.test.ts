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
});
