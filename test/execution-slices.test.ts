import type { GraphQLObjectType } from 'graphql';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { schema } from '../schema/index.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

const ARTICLES = 100;
const COMMENTS = 300;
/** Some 1,200 points, of an article and of three comments each. */
const EXPENSIVE = '{ articles(first: 100) { nodes { id comments(last: 9) { nodes { id } } } } }';
/** Milliseconds that the id of an object takes here. */
const WORK = 0.3;

interface Article {
  comments: { nodes: unknown[] };
}

let gateway: TestGateway;
/** Rounds of the event loop until now. */
let rounds = 0;
let isCounting = false;
/** The round in which each id was resolved, by the type of its object. */
const resolved = new Map<string, number[]>();
const restore: (() => void)[] = [];

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: [{ id: 1 }],
      articles: Array.from({ length: ARTICLES }, (_, i) => ({ id: i + 1 })),
      comments: Array.from({ length: COMMENTS }, (_, i) => ({ id: i + 1, article: 1 + (i % ARTICLES) })),
    }),
  );
});

afterAll(() => gateway.stop());

/** Has an id take long, as a text with many links does. */
function slowDown(typeName: string): void {
  const field = (schema.getType(typeName) as GraphQLObjectType).getFields().id!;
  const { resolve } = field;
  resolved.set(typeName, []);
  field.resolve = (...args) => {
    for (const end = performance.now() + WORK; performance.now() < end; );
    resolved.get(typeName)!.push(rounds);
    onResolved();
    return resolve!(...args);
  };
  restore.push(() => {
    field.resolve = resolve!;
  });
}

let onResolved = (): void => {};

beforeEach(() => {
  const count = (): void => {
    rounds += 1;
    if (isCounting) setImmediate(count);
  };
  isCounting = true;
  count();
  slowDown('Article');
  slowDown('Comment');
});

afterEach(() => {
  isCounting = false;
  onResolved = () => {};
  for (const one of restore.splice(0)) one();
});

function roundsOf(typeName: string): number {
  return new Set(resolved.get(typeName)).size;
}

describe('an expensive operation', () => {
  it('is executed in many rounds of the event loop, between which another one is answered', async () => {
    let resolvedBefore: number | null = null;
    onResolved = () => {
      if (resolved.get('Comment')!.length !== 1) return;
      onResolved = () => {};
      void gateway.post({ query: '{ __typename }' }).then(({ body }) => {
        expect(body).toBe('{"data":{"__typename":"Query"}}');
        resolvedBefore = resolved.get('Comment')!.length;
      });
    };
    const { body } = await gateway.post({ query: EXPENSIVE });
    expect(JSON.parse(body).data.articles.nodes.flatMap((node: Article) => node.comments.nodes)).toHaveLength(COMMENTS);
    expect(resolvedBefore).toBeLessThan(COMMENTS);
    // Each may have a few ids of 0.3 ms.
    expect(roundsOf('Comment')).toBeGreaterThan(COMMENTS / 10);
  });

  it('loads what all of its rows need together, though they are executed one after another', async () => {
    const { statements, errors } = await gateway.ask(EXPENSIVE);
    expect(errors).toBeUndefined();
    expect(roundsOf('Article')).toBeGreaterThan(ARTICLES / 10);
    expect(statements).toHaveLength(2);
  });
});

it('a cheap operation is executed at once', async () => {
  await gateway.ask('{ articles(first: 20) { nodes { id } } }');
  expect(resolved.get('Article')).toHaveLength(20);
  expect(roundsOf('Article')).toBe(1);
});
