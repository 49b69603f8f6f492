import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { everyTransport } from './every-transport.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

const ARTICLE = encodeId('Article', 1);
const FIELD = `commentAdded(articleId: "${ARTICLE}")`;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
});

afterAll(() => gateway.stop());

describe('a condition at the root of a subscription', () => {
  it.each([
    ['on the field', `subscription { ${FIELD} @skip(if: true) { id } }`],
    ['that holds', `subscription { ${FIELD} @include(if: true) { id } }`],
    ['by a variable', `subscription ($no: Boolean = false) { ${FIELD} @include(if: $no) { id } }`],
    ['on an inline fragment', `subscription { ... @skip(if: true) { ${FIELD} { id } } }`],
    ['on a spread', `subscription { ...F @include(if: false) } fragment F on Subscription { ${FIELD} { id } }`],
    [
      'within fragments',
      `subscription { ...F } fragment F on Subscription { ... on Subscription { ${FIELD} @skip(if: true) { id } } }`,
    ],
    [
      'that chooses between two fields',
      `subscription ($a: Boolean = true) { ${FIELD} @skip(if: $a) { id } commentEvents(articleId: "${ARTICLE}") @include(if: $a) { at } }`,
    ],
  ])('%s is refused over every transport', async (_, document) => {
    for (const [name, send] of Object.entries(everyTransport(gateway))) {
      const text = await send(document);
      expect(text, name).toContain('GRAPHQL_VALIDATION_FAILED');
      expect(text, name).toMatch(/@(skip|include) is not allowed/);
    }
  });

  it('is allowed below the field', async () => {
    const sse = everyTransport(gateway)['SSE by POST']!;
    expect(await sse(`subscription { commentAdded(articleId: "x") { id @skip(if: true) ok: id } }`)).toContain(
      'NOT_FOUND',
    );
  });
});
