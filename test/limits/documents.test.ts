import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../../schema/content/ids.ts';
import { schema } from '../../schema/index.ts';
import { DocumentCache } from '../../src/execution/document/document-cache.ts';
import type { TestSubscription } from '../client.ts';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { post } from '../http/requests.ts';
import { write } from '../seed.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: [{ id: 1 }],
      articles: [1, 2, 3].map((id) => ({ id })),
      comments: [1, 2, 3].map((id) => ({ id, article: id })),
    }),
  );
});

afterAll(() => gateway.stop());

async function codesOf(query: string): Promise<unknown[]> {
  const { errors = [] } = await gateway.ask(query);
  return errors.map(({ extensions }) => extensions.code);
}

/** Fragments that spread the next one twice, each time under another selection. */
function doubling(levels: number, body: (next: string) => string, last: string): string {
  const fragments = Array.from({ length: levels }, (_, i) => `fragment F${i} on Article { ${body(`...F${i + 1}`)} }`);
  return `{ article(slug: "article-1") { ...F0 } } ${fragments.join('\n')} fragment F${levels} on Article { ${last} }`;
}

describe('a document', () => {
  it.each([
    ['a field that returns an article', (next: string) => `related(first: 1) { ${next} ${next} }`],
    ['two aliases', (next: string) => `a: related(first: 1) { ${next} } b: related(first: 1) { ${next} }`],
    ['two conditions', (next: string) => `... @include(if: true) { ${next} } ... @skip(if: false) { ${next} }`],
    ['nothing between', (next: string) => `${next} ${next} id`],
  ])('of fragments that multiply through %s is answered or refused with a code', async (_, body) => {
    for (const levels of [8, 16, 40]) {
      // The fourth execution is one of the compiled document.
      for (let i = 0; i < 4; i++)
        for (const code of await codesOf(doubling(levels, body, 'title')))
          expect(code).toMatch(/^(DOCUMENT_TOO_LARGE|OPERATION_TOO_EXPENSIVE)$/);
    }
  });

  it.each([
    ['lists', `{ nodes(ids: ${'['.repeat(2_000)}${']'.repeat(2_000)}) { id } }`],
    [
      'input objects',
      `mutation { addComment(input: ${'{guest: '.repeat(1_000)}1${'}'.repeat(1_000)}) { __typename } }`,
    ],
    ['selections', `${'{ a '.repeat(1_500)} ${'}'.repeat(1_500)}`],
    ['list types', `query ($a: ${'['.repeat(2_000)}Int${']'.repeat(2_000)}) { __typename }`],
  ])('with %s within each other as deep as it can have them is refused', async (_, query) => {
    expect(await codesOf(query)).toEqual(['DOCUMENT_TOO_LARGE']);
  });

  it.each([
    ['operations', Array.from({ length: 51 }, (_, i) => `query Q${i} { __typename }`).join(' ')],
    ['fields at the top', `{ ${Array.from({ length: 101 }, (_, i) => `a${i}: __typename`).join(' ')} }`],
    ['fields of one response name', `{ ${'__typename '.repeat(500)} }`],
  ])('with too many %s is refused', async (_, query) => {
    expect(await codesOf(query)).toEqual(['DOCUMENT_TOO_LARGE']);
  });

  it('with lists within each other in its variables is refused as a value of the wrong type', async () => {
    const deep = '['.repeat(2_000) + ']'.repeat(2_000);
    const { body } = await gateway.post({
      query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      variables: { ids: JSON.parse(deep) },
    });
    expect(body).toMatch(/ID cannot represent/);
    expect(body).not.toMatch(/INTERNAL_SERVER_ERROR/);
  });
});

describe('documents that are kept', () => {
  /** 300 tokens: some seventy of them fill the cache. */
  const large = (name: string) =>
    `query ${name} { articles { nodes { ${Array.from({ length: 100 }, (_, i) => `a${i}: id`).join(' ')} } } }`;

  it('are not replaced by documents that are sent once, but by those that return', () => {
    const cache = new DocumentCache(schema);
    const page = '{ articles { nodes { title } } }';
    cache.parse(page);
    for (let i = 0; i < 80; i++) cache.parse(large(`Once${i}`));
    expect(cache.has(page)).toBe(true);
    expect(cache.has(large('Once79'))).toBe(false);
    for (let i = 0; i < 80; i++) for (let sent = 0; sent < 2; sent++) cache.parse(large(`Twice${i}`));
    expect(cache.has(large('Twice79'))).toBe(true);
    expect(cache.has(page)).toBe(false);
  });
});

describe('texts that differ in literals alone', () => {
  const cache = new DocumentCache(schema);
  const share = (a: string, b: string): boolean => cache.parse(a).document === cache.parse(b).document;

  it('share one document, with the values of each', () => {
    const text = (slug: string, first: number) =>
      `{ article(slug: "${slug}") { id comments(first: ${first}) { nodes { id } } } }`;
    expect(share(text('a', 5), text('another', 20))).toBe(true);
    expect(Object.values(cache.parse(text('another', 20)).values!)).toEqual(['another', 20]);
    const add = (body: string, name: string) =>
      `mutation { addComment(input: { articleId: "1", body: "${body}", guest: { name: "${name}", email: "a@b.c" } }) { __typename } }`;
    expect(share(add('x', 'Ann'), add('a "y"'.replaceAll('"', '\\"'), 'Bo'))).toBe(true);
    const nodes = (...ids: string[]) => `{ nodes(ids: [${ids.map((id) => `"${id}"`).join()}]) { id } }`;
    expect(share(nodes('a'), nodes('b', 'c', 'd'))).toBe(true);
  });

  it('do not share it when they differ in more: in kinds of value, enum values, booleans, or which literals are equal', () => {
    const list = (argument: string) => `{ articles(${argument}) { nodes { id } } }`;
    expect(share(list('orderBy: NEWEST, first: 1'), list('orderBy: OLDEST, first: 1'))).toBe(false);
    expect(share('{ node(id: "1") { id } }', '{ node(id: 1) { id } }')).toBe(false);
    const twice = (a: string, b: string) => `{ a: node(id: "${a}") { id } b: node(id: "${b}") { id } }`;
    expect(share(twice('1', '1'), twice('1', '2'))).toBe(false);
    expect(share(twice('1', '2'), twice('3', '4'))).toBe(true);
  });

  it('get the answers of their own literals, before and after the document is compiled', async () => {
    for (let round = 0; round < 6; round++)
      for (const id of [1, 2, 3]) {
        const { data } = await gateway.ask(
          `{ article(slug: "article-${id}") { id comments(first: ${id}) { nodes { id } } } }`,
        );
        expect(data).toEqual({
          article: { id: encodeId('Article', id), comments: { nodes: [{ id: encodeId('Comment', id) }] } },
        });
      }
  });

  it('are validated each: a literal that is not valid is reported as in a document of its own', async () => {
    const page = (first: string) => `{ articles(first: ${first}) { nodes { id } } }`;
    expect(await codesOf(page('5'))).toEqual([]);
    for (const wrong of ['"5"', '5.5', '99999999999', 'NEWEST', 'true']) {
      const { errors } = await gateway.ask(page(wrong));
      expect(errors![0]!.message).toMatch(/^Int cannot represent non/);
      expect(errors![0]!.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    }
    const aliased = (a: string, b: string) => `{ x: node(id: "${a}") { id } x: node(id: "${b}") { __typename } }`;
    expect(await codesOf(aliased('a', 'a'))).toEqual([]);
    expect(await codesOf(aliased('a', 'b'))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    const order = (value: string) => `{ articles(first: 1, orderBy: ${value}) { nodes { id } } }`;
    expect(await codesOf(order('NEWEST'))).toEqual([]);
    expect(await codesOf(order('"NEWEST"'))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });

  it('get errors with the places in their own text', async () => {
    const query = (slug: string) => `{ article(slug: "${slug}") { id\n comments(first: 101) { nodes { id } } } }`;
    await post(gateway, { query: query('article-1') });
    const text = query('article-1-with-a-longer-name').replace('\n', ' ');
    await post(gateway, { query: text.replaceAll('-with-a-longer-name', '') });
    const { body } = await post(gateway, { query: `{ a: article(slug: "x") { id } ${text.slice(2)}` });
    expect(JSON.parse(String(body)).data).toEqual({ a: null, article: null });
    for (const slug of ['article-1', 'article-2', 'article-3'])
      for (const padding of ['', '        ']) {
        const sent = `{ a: node(id: "${padding}") { id } article(slug: "${slug}") { comments(first: 101) { nodes { id } } } }`;
        const { errors } = JSON.parse(String((await post(gateway, { query: sent })).body));
        expect(errors[0].locations).toEqual([{ line: 1, column: sent.indexOf('comments') + 1 }]);
      }
  });

  it('get errors with the line of each place: of validation, a field, a variable, a compiled document, a subscription', async () => {
    const placesOf = async (query: string): Promise<unknown[]> => {
      const { errors } = JSON.parse((await gateway.post({ query })).body) as { errors: { locations: unknown }[] };
      return errors.map(({ locations }) => locations);
    };
    expect(await placesOf('{\r\n article(slug: "x") { id\r titel } }')).toEqual([[{ line: 3, column: 2 }]]);
    const pages = (slug: string) => `{ article(slug: """${slug}""") {\n\n  comments(first: 101) { nodes { id } } } }`;
    for (const slug of ['article-1', '\narticle-1', 'article-1', 'article-1', '\n\narticle-1'])
      expect(await placesOf(pages(slug))).toEqual([[{ line: slug.split('\n').length + 2, column: 3 }]]);
    expect(await placesOf('#\nquery ($n: Int!) {\n articles(first: $n) { nodes { id } } }')).toEqual([
      [{ line: 2, column: 8 }],
    ]);
    const refused = gateway.subscribe<object>('subscription {\n commentEvents(articleId: "x") { cursor } }');
    await expect(refused.arrived(1)).rejects.toThrow(/"line":2,"column":2/);
  });

  it('are one group of subscribers, wherever each starts', async () => {
    const subscribe = (after: string) =>
      gateway.subscribe<object>(
        `subscription { commentEvents(articleId: "${encodeId('Article', 1)}", after: "${after}") { __typename cursor } }`,
      );
    const { data } = await gateway.ask<{ article: { liveCursor: string } }>(
      '{ article(slug: "article-1") { liveCursor } }',
    );
    const other = await gateway.ask<{ article: { liveCursor: string } }>(
      '{ article(slug: "article-2") { liveCursor } }',
    );
    const both = [subscribe(data.article.liveCursor), subscribe(other.data.article.liveCursor)];
    await Promise.all(both.map((one) => one.arrived(1)));
    expect(await gateway.metrics()).toMatchObject({ subscription_groups: 1 });
    await Promise.all(both.map((one) => one.stop()));
    await until('no log is followed', () => gateway.watched === 0);
  });
});

describe('subscriptions to one discussion', () => {
  function hasEnded(subscription: TestSubscription<object>): boolean {
    try {
      subscription.goesOn();
      return false;
    } catch {
      return true;
    }
  }

  /** Which of those that are opened at once come too late is not determined. */
  async function refusedOf(opened: readonly TestSubscription<object>[], count: number) {
    await until(`${count} are refused`, () => opened.filter(hasEnded).length === count);
    return { refused: opened.filter(hasEnded), open: opened.filter((one) => !hasEnded(one)) };
  }

  it('of ever other documents by one sender are refused when an event would cost too much', async () => {
    const document = (i: number) =>
      `subscription S${i} { commentEvents(articleId: "${encodeId('Article', 3)}") { ... on CommentAdded { comment { replies(first: 100) { nodes { body { html text } } } } } } }`;
    const documents = Array.from({ length: 12 }, (_, i) => gateway.subscribe<object>(document(i)));
    const { refused, open } = await refusedOf(documents, 6);
    for (const one of refused) await expect(one.arrived(1)).rejects.toThrow(/OPERATION_TOO_EXPENSIVE|for each event/);
    expect(await gateway.metrics()).toMatchObject({ subscription_groups: 6 });
    // The same document as another subscriber has costs nothing more.
    const same = gateway.subscribe<object>(document(documents.indexOf(open[0]!)));
    await until('it is open, beside those that were not refused', async () => (await gateway.metrics()).sockets === 7);
    same.goesOn();
    await Promise.all([...documents, same].map((one) => one.stop()));
    await until('no log is followed', () => gateway.watched === 0);
  });

  it('of ever other documents by one sender are refused when they are too many', async () => {
    const document = (i: number) =>
      `subscription S${i} { commentAdded(articleId: "${encodeId('Article', 3)}") { id } }`;
    const documents = Array.from({ length: 22 }, (_, i) => gateway.subscribe<object>(document(i)));
    const { refused, open } = await refusedOf(documents, 2);
    for (const one of refused) await expect(one.arrived(1)).rejects.toThrow('more than 20');
    expect(await gateway.metrics()).toMatchObject({ subscription_groups: 20 });
    // Another takes the place of one that has ended.
    await open[0]!.stop();
    await until('there is a place', async () => (await gateway.metrics()).subscription_groups === 19);
    const another = gateway.subscribe<object>(document(22));
    await until('it is open', async () => (await gateway.metrics()).subscription_groups === 20);
    another.goesOn();
    await Promise.all([...documents.filter((one) => one !== open[0]), another].map((one) => one.stop()));
    await until('no log is followed', () => gateway.watched === 0);
  });
});
