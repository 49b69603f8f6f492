import { getIntrospectionQuery, getNamedType, isCompositeType, isObjectType, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../schema/index.ts';
import { costOf } from '../../src/execution/cost/cost.ts';
import { planCost } from '../../src/execution/cost/cost-plan.ts';
import { fieldRule } from '../../src/execution/cost/field-rule.ts';
import * as examples from '../../src/transport/http/graphiql/example-documents.ts';
import { everyTransport } from '../every-transport.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { write } from '../seed.ts';

const LIMIT = 10_000;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, { authors: [{ id: 1 }], articles: [1, 2, 3].map((id) => ({ id })), comments: [{ id: 1, article: 1 }] }),
  );
});

afterAll(() => gateway.stop());

function cost(text: string, variables: Record<string, unknown> = {}): number {
  const document = parse(text);
  const [operation] = document.definitions;
  if (operation?.kind !== 'OperationDefinition') throw new Error('The operation comes first.');
  return costOf(planCost(schema, document, operation), variables);
}

const NESTED = '{ articles(first: 100) { nodes { author { articles(first: 100) { nodes { id } } } } } }';

describe('an operation that costs more than the limit', () => {
  it.each(['POST', 'GET', 'SSE by POST', 'SSE by GET', 'WebSocket'])(
    'is refused over %s, with its cost, the limit and its most expensive part',
    async (transport) => {
      const response = await everyTransport(gateway)[transport]!(NESTED);
      expect(response).toContain('OPERATION_TOO_EXPENSIVE');
      expect(response).toContain('The operation costs 12,322 points; the limit is 10,000.');
      expect(response).toContain('`articles.nodes.author.articles`');
    },
  );

  it('sends no statement, and is a bad request', async () => {
    const { statements, data } = await gateway.ask(NESTED);
    expect(statements).toEqual([]);
    expect(data).toBeUndefined();
    const { status, body } = await gateway.post({ query: NESTED });
    expect(status).toBe(200);
    expect(JSON.parse(body).errors[0].extensions).toEqual({
      code: 'OPERATION_TOO_EXPENSIVE',
      cost: { requested: 12_322, limit: LIMIT },
    });
  });

  it('is allowed to staff up to ten times the limit', async () => {
    for (const role of ['WRITER', 'MODERATOR', 'ADMIN'] as const)
      expect((await gateway.as({ name: role, role }).ask(NESTED)).errors).toBeUndefined();
    const { errors } = await gateway.as({ name: 'Bea' }).ask(NESTED);
    expect(errors![0]!.extensions.code).toBe('OPERATION_TOO_EXPENSIVE');
  });
});

describe('the cost of an operation', () => {
  it('is returned when the request asks for it', async () => {
    const query = '{ articles(first: 10) { nodes { id } } }';
    const asked = JSON.parse((await gateway.post({ query, extensions: { cost: true } })).body);
    // The list, ten rows, and for each row `nodes` and `id`, a tenth of a point each.
    expect(asked.extensions).toEqual({ cost: { requested: 14, limit: LIMIT, remaining: null } });
    expect(JSON.parse((await gateway.post({ query })).body).extensions).toBeUndefined();
  });

  it('counts the size that a page asks for, by literal, by variable, by default', () => {
    const list = (size: string) => `query ($n: Int = 7) { articles${size} { nodes { id } } }`;
    const rows = (first: number) => Math.ceil(1.1 + 1.2 * first);
    expect(cost(list('(first: 50)'))).toBe(rows(50));
    expect(cost(list('(last: 50)'))).toBe(rows(50));
    expect(cost(list('(first: $n)'))).toBe(rows(7));
    expect(cost(list('(first: $n)'), { n: 30 })).toBe(rows(30));
    expect(cost(list('(first: $n)'), { n: null })).toBe(rows(20));
    expect(cost(list(''))).toBe(rows(20));
    // Refused by the field, which reads nothing.
    expect(cost(list('(first: 1000000)'))).toBe(rows(100));
  });

  it('takes a variable with the name of a property of every object for one without a value', () => {
    for (const name of ['constructor', 'toString', '__proto__']) {
      expect(cost(`query ($${name}: Int = 90) { articles(first: $${name}) { nodes { id } } }`)).toBe(Math.ceil(109.1));
      const condition = `query ($${name}: Boolean = true) { articles @include(if: $${name}) { nodes { id } } }`;
      expect(cost(condition)).toBe(cost('{ articles { nodes { id } } }'));
    }
  });

  it('is a number where a list of no entries has what costs more than any number', () => {
    const levels = 80;
    const below = (next: string) => `${'replies(first: 100) { nodes { '.repeat(levels)}${next}${' } }'.repeat(levels)}`;
    const fragments = `fragment A on Comment { ${below('...B')} } fragment B on Comment { ${below('...C')} } fragment C on Comment { ${below('id')} }`;
    const page = (first: number) =>
      `{ article(slug: "a") { comments(first: ${first}) { nodes { ...A } } } } ${fragments}`;
    expect(cost(page(0))).toBeLessThan(10);
    expect(cost(page(1))).toBe(Number.POSITIVE_INFINITY);
    const introspection = Array.from({ length: 90 }, (_, i) => `a${i}: __schema { types { name fields { name } } }`);
    expect(cost(`{ ${introspection.join(' ')} articles(first: 0) { nodes { __typename } } }`)).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  it('multiplies lists within lists, whichever way the rows are selected', () => {
    const ways = [
      'nodes { replies(first: 10) { nodes { id } } }',
      'edges { node { replies(first: 10) { nodes { id } } } }',
    ];
    const [nodes, edges] = ways.map((way) => cost(`{ article(slug: "a") { comments(first: 10) { ${way} } } }`));
    expect(nodes).toBeGreaterThan(10 * 10);
    expect(edges! - nodes!).toBe(1);
  });

  it('does not count what a condition leaves out', () => {
    const query = (directive: string) =>
      `query ($yes: Boolean = false) { articles(first: 100) { nodes { id } } ...F ${directive} } fragment F on Query { search(query: "a") { totalCount } }`;
    const [included, left] = [cost(query('')), cost('{ articles(first: 100) { nodes { id } } }')];
    expect(included).toBeGreaterThan(left + 250);
    expect(cost(query('@include(if: false)'))).toBe(left);
    expect(cost(query('@skip(if: true)'))).toBe(left);
    expect(cost(query('@include(if: $yes)'))).toBe(left);
    expect(cost(query('@include(if: $yes)'), { yes: true })).toBe(included);
    expect(cost(query('@skip(if: $yes)'), { yes: true })).toBe(left);
  });

  it('counts a fragment wherever it is spread, and ends for fragments that multiply without bound', () => {
    const fragments = Array.from(
      { length: 60 },
      (_, i) => `fragment F${i} on Article { a: related { ...F${i + 1} } b: related { ...F${i + 1} } }`,
    );
    const query = `{ article(slug: "a") { ...F0 } } ${fragments.join(' ')} fragment F60 on Article { id }`;
    expect(cost(query)).toBeGreaterThan(2 ** 60);
  });

  it('is described without following each way through fragments that spread all others', async () => {
    const fragments = Array.from(
      { length: 36 },
      (_, i) =>
        `fragment F${i} on Article { id ${Array.from({ length: 35 - i }, (_, j) => `...F${i + j + 1}`).join(' ')} }`,
    );
    const { errors } = await gateway.ask(`{ article(slug: "a") { ...F0 } } ${fragments.join(' ')}`);
    expect(errors![0]!.message).toContain('The most expensive part is `article`');
  });

  it('of the examples in GraphiQL and of its introspection is less than a tenth of the limit', () => {
    for (const example of Object.values(examples)) expect(cost(example)).toBeLessThan(LIMIT / 10);
    expect(cost(getIntrospectionQuery())).toBeLessThan(LIMIT / 10);
    expect(
      cost(getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true, specifiedByUrl: true })),
    ).toBeLessThan(LIMIT / 10);
  });

  it('of introspection is what the schema has, and ends where it multiplies', () => {
    const introspection = (count: number) =>
      `{ ${Array.from({ length: count }, (_, i) => `a${i}: __schema { types { name fields { name args { name } } } }`).join(' ')} }`;
    expect(cost(introspection(3))).toBeGreaterThan(2 * cost(introspection(1)));
    expect(cost(introspection(100))).toBeGreaterThan(LIMIT);
  });
});

it('every list of the schema has a number of entries: arguments, a declaration, or the page that it is in', () => {
  const pages = new Set<string>();
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith('__'));
  const fields = types.flatMap((type) =>
    isObjectType(type) ? Object.values(type.getFields()).map((field) => ({ type, field })) : [],
  );
  for (const { field } of fields) if (fieldRule(field).sizedBy === 'first') pages.add(getNamedType(field.type).name);
  const unsized = fields.filter(
    ({ type, field }) =>
      fieldRule(field).sizedBy === 'parent' && isCompositeType(getNamedType(field.type)) && !pages.has(type.name),
  );
  // Its input names the comments, at most a page of them: it counts as a page.
  expect(unsized.map(({ type, field }) => `${type.name}.${field.name}`)).toEqual([
    'ModerateCommentsSuccess.comments',
    'ModerateCommentsSuccess.hidden',
  ]);
});
