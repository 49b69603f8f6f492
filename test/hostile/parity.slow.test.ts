import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../gateway.ts';
import { write } from '../seed.ts';
import { type OperationKind, type ParityOperation, parityOperations } from './parity-operations.ts';
import { openTransports, type Reply, type Transport, type Transports } from './replies.ts';

let gateway: TestGateway;
let transports: Transports;

beforeAll(async () => {
  gateway = await startGateway(
    (sql) =>
      write(sql, {
        authors: [{ id: 1 }, { id: 2, name: 'Ben' }],
        topics: [{ id: 1 }, { id: 2, parent: 1 }],
        articles: [
          { id: 1, topics: [1, 2], formerSlugs: ['once-article-1'] },
          { id: 2, author: 2, topics: [2] },
          { id: 3, status: 'DRAFT' },
        ],
        comments: [
          { id: 1, article: 1 },
          { id: 2, article: 1, parent: 1, author: 2 },
          { id: 3, article: 1, parent: 2 },
          { id: 4, article: 2 },
        ],
      }),
    { COST_BUDGET: '1000000000', LOG_LEVEL: 'silent' },
  );
  transports = await openTransports(gateway);
});

afterAll(async () => {
  await transports.close();
  await gateway.stop();
});

/** The transports that an operation of a kind can be sent over. */
function transportsFor({ kind, parameters }: ParityOperation): [string, Transport][] {
  return Object.entries(transports.byName).filter(
    ([, { isReadOnly, isSingle, fits }]) =>
      !(kind === 'mutation' && isReadOnly) && !(kind === 'subscription' && isSingle) && fits(parameters),
  );
}

async function repliesTo(operation: ParityOperation): Promise<[string, Reply][]> {
  const replies: [string, Reply][] = [];
  // In turn: a mutation must not change what the same mutation finds over another transport.
  for (const [name, transport] of transportsFor(operation))
    replies.push([name, await transport.send(operation.parameters)]);
  return replies;
}

/** Without what differs between two requests for the same. */
function comparable(reply: Reply): unknown {
  return JSON.parse(JSON.stringify(reply), (key, value) =>
    key === 'extensions' && typeof value?.id === 'string' ? { ...value, id: 'an id of the request' } : value,
  );
}

function beginning({ query }: { query: string }): string {
  return query.length > 200 ? `${query.slice(0, 200)}… (${query.length})` : query;
}

describe('an operation has the same result, or the same errors, over every transport:', () => {
  const operations = [...parityOperations()];

  it.each<[OperationKind, number]>([
    ['query', 110],
    ['subscription', 8],
    ['mutation', 15],
  ])(
    'a %s',
    async (kind, least) => {
      const chosen = operations.filter((operation) => operation.kind === kind);
      expect(chosen.length).toBeGreaterThanOrEqual(least);
      const different: unknown[] = [];
      for (const operation of chosen) {
        const [[, first] = ['', []], ...others] = await repliesTo(operation);
        expect(first, beginning(operation.parameters)).toHaveLength(1);
        const expected = comparable(first);
        for (const [name, reply] of others) {
          const actual = comparable(reply);
          if (!isDeepStrictEqual(actual, expected))
            different.push({ operation: beginning(operation.parameters), name, actual, expected });
        }
      }
      expect(different).toEqual([]);
    },
    180_000,
  );
});
