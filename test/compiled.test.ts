import { getIntrospectionQuery } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Context } from '../schema/content/context.ts';
import { encodeId } from '../schema/content/ids.ts';
import { EventLoopShare } from '../src/background/index.ts';
import { ExecutionSlices } from '../src/execution/execution-slices.ts';
import { loadSample } from '../src/sample/load.ts';
import { startGateway, type TestGateway } from './gateway.ts';

// A document is compiled after three executions, so two of these run compiled code. The last one is executed in slices.
const EXECUTIONS = 6;

let gateway: TestGateway;
let slug: string;

/** Operations are executed in slices, as expensive ones are. */
let isSliced = false;

const slicing: Plugin<Context> = {
  onExecute({ args }) {
    if (isSliced) args.contextValue.slices = new ExecutionSlices();
  },
};

beforeAll(async () => {
  // Otherwise some documents would not be compiled yet when they are compared.
  vi.spyOn(EventLoopShare.prototype, 'isSpent', 'get').mockReturnValue(false);
  gateway = await startGateway((sql) => loadSample(sql), {}, { plugins: [slicing] });
  const { rows } = await gateway.sql.query<{ slug: string }>(
    "SELECT slug FROM article WHERE status = 'PUBLISHED' ORDER BY comment_count DESC LIMIT 1",
  );
  slug = rows[0]!.slug;
});

afterAll(() => {
  vi.restoreAllMocks();
  return gateway.stop();
});

const PAGE = `query ($slug: String!, $with: Boolean = false, $first: Int = 2) {
  article(slug: $slug) {
    __typename id title
    ...Words @include(if: $with)
    ... @skip(if: $with) { excerpt }
    a: comments(first: $first) { nodes { ...Parts replies(first: 1, orderBy: TOP) { edges { cursor node { ...Parts } } pageInfo { hasNextPage } totalCount } } }
    b: comments(last: 1, orderBy: OLDEST) { nodes { id author { id } } }
    thread(first: 5) { rows { depth comment { ...Parts parent { id } } } liveCursor }
  }
}
fragment Words on Article { body { text } cover { alt width } topics { name } }
fragment Parts on Comment { id createdAt body { html } author { name ... on Node { id } } reactions { kind count } viewer { canReply } }`;

describe('a document has the same results when it is compiled, or executed in slices, as when it is interpreted', () => {
  const slugged =
    (more: object = {}) =>
    () => ({ slug, ...more });
  it.each<[string, string, () => Record<string, unknown>]>([
    ['a page with default values for its variables', PAGE, slugged()],
    ['a page with the other branch of a condition', PAGE, slugged({ with: true, first: 3 })],
    ['an article that does not exist', PAGE, () => ({ slug: 'no such article' })],
    ['a missing variable', PAGE, () => ({})],
    ['a variable of another type', PAGE, () => ({ slug: 7 })],
    ['a null for a variable that has a default', PAGE, slugged({ with: null })],
    ['an error below a nullable field', PAGE, slugged({ first: 500 })],
    [
      'errors in several fields',
      `query ($slug: String!) { one: article(slug: $slug) { title comments(first: -1) { totalCount } } two: article(slug: $slug) { title } three: author(slug: "x") { articles(after: "no") { totalCount } } }`,
      slugged(),
    ],
    [
      'an error that makes the whole data null',
      '{ articles(first: 101) { totalCount } topics { totalCount } }',
      () => ({}),
    ],
    [
      'unions and interfaces',
      `{ search(query: "the OR a* OR city", first: 30) { totalCount edges { cursor headline node { __typename ... on Node { id } ... on Article { title } ... on Author { name bio { markdown } } ... on Topic { name parent { name } } } } } }`,
      () => ({}),
    ],
    [
      'nodes of every type',
      'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Article { slug } ... on Comment { depth article { title } } ... on Author { kind } ... on Topic { slug } } }',
      () => ({
        ids: ['Article', 'Author', 'Topic', 'Comment'].map((type) => encodeId(type as 'Article', 1)).concat('nonsense'),
      }),
    ],
    [
      'a refused mutation',
      'mutation { addComment(input: { articleId: "x", body: "" }) { __typename ... on Error { code message } ... on InvalidInputError { path } } }',
      () => ({}),
    ],
    [
      'a date as a variable',
      'query ($after: DateTime) { articles(where: { publishedAfter: $after }, orderBy: OLDEST) { nodes { publishedAt } } }',
      () => ({ after: '2020-01-01T00:00:00+02:00' }),
    ],
    [
      'an invalid date as a variable',
      'query ($after: DateTime) { articles(where: { publishedAfter: $after }) { totalCount } }',
      () => ({ after: 'soon' }),
    ],
    ['the whole schema', getIntrospectionQuery(), () => ({})],
  ])('%s', async (_, document, variables) => {
    const responses = [];
    for (let i = 0; i < EXECUTIONS; i++) {
      const { status, data, errors } = await gateway.ask(document, variables());
      responses.push({ status, data, errors });
      isSliced = i === EXECUTIONS - 2;
    }
    isSliced = false;
    for (const response of responses) expect(response).toEqual(responses[0]);
  });

  const CONDITIONAL: Record<string, string> = {
    'in one place': 'article(slug: $slug) { id ...Title @include(if: $yes) ...Title @skip(if: $yes) }',
    'in one place, within others':
      'article(slug: $slug) { id ... @include(if: $yes) { ...Title } ... @skip(if: $yes) { ...Title } }',
    'below two aliases':
      'a: article(slug: $slug) @include(if: $yes) { ...Title } b: article(slug: $slug) @skip(if: $yes) { ...Title }',
    'below one alias with a condition':
      'a: article(slug: $slug) { id ...Title } b: article(slug: $slug) @skip(if: $yes) { ...Title }',
    'with a condition in it':
      'a: article(slug: $slug) { ...Sometimes } b: article(slug: $slug) @skip(if: $yes) { ...Sometimes }',
  };
  it.each(Object.entries(CONDITIONAL))('a fragment twice under conditions %s', async (_, selection) => {
    const used = selection.includes('...Title')
      ? 'fragment Title on Article { title author { name } }'
      : 'fragment Sometimes on Article { id title @include(if: $yes) }';
    for (const yes of [true, false]) {
      // Another name, so that the first execution is not of a document that is compiled already.
      const query = `query Q${yes}($slug: String!, $yes: Boolean!) { ${selection} } ${used}`;
      const first = await gateway.ask(query, { slug, yes });
      expect(first.errors).toBeUndefined();
      for (let i = 1; i < EXECUTIONS; i++) expect((await gateway.ask(query, { slug, yes })).data).toEqual(first.data);
    }
  });

  it('one of several operations that share a fragment under conditions of their own', async () => {
    const query = `query A($slug: String!, $a: Boolean!) { article(slug: $slug) { id ...Title @include(if: $a) } }
      query B($slug: String!, $b: Boolean!) { article(slug: $slug) { id ...Title @include(if: $b) } }
      fragment Title on Article { title }`;
    for (let i = 0; i < EXECUTIONS; i++)
      for (const [operationName, variable] of Object.entries({ A: 'a', B: 'b' })) {
        const { body } = await gateway.post({ query, operationName, variables: { slug, [variable]: true } });
        expect(JSON.parse(body).data.article).toEqual({ id: expect.any(String), title: expect.any(String) });
      }
  });
});
