import type { FormattedExecutionResult } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';
import { openTransports, type Transports } from './hostile/replies.ts';
import { ADD_COMMENT, commentInput, get, post } from './http/requests.ts';
import { write } from './seed.ts';

/** After that many executions a document is compiled. */
const EXECUTIONS = 5;

let gateway: TestGateway;
let transports: Transports;

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
  transports = await openTransports(gateway);
});

afterAll(async () => {
  await transports.close();
  await gateway.stop();
});

it('an empty operation name is one that the document does not have, however often it was executed without a name', async () => {
  const query = '{ article(slug: "article-1") { title } }';
  for (let i = 0; i < EXECUTIONS; i++) await gateway.ask(query);
  for (const [name, transport] of Object.entries(transports.byName)) {
    const [result] = (await transport.send({ query, operationName: '' })) as FormattedExecutionResult[];
    expect(result!.errors?.[0]?.extensions?.code, name).toBe('BAD_USER_INPUT');
    expect(result, name).not.toHaveProperty('data');
  }
});

it('a mutation with an empty operation name is not executed over GET', async () => {
  const variables = commentInput('Hello');
  for (let i = 0; i < EXECUTIONS; i++) await post(gateway, { query: ADD_COMMENT, variables });
  const count = 'SELECT count(*)::int FROM comment';
  const before = (await gateway.sql.query(count)).rows;
  await get(gateway, { query: ADD_COMMENT, variables: JSON.stringify(variables), operationName: '' });
  expect((await gateway.sql.query(count)).rows).toEqual(before);
});

it('an operation whose document was first sent with an empty operation name has its cost limited', async () => {
  const query =
    'query ($n: Int = 100) { articles(first: $n) { nodes { comments(first: $n) { nodes { replies(first: $n) { totalCount } } } } } }';
  await post(gateway, { query, operationName: '' });
  const { json } = await post(gateway, { query });
  expect(json.errors?.[0]?.extensions?.code).toBe('OPERATION_TOO_EXPENSIVE');
});
