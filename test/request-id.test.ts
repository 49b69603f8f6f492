import { createClient } from 'graphql-ws';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { readConfig } from '../src/config.ts';
import { createLogger } from '../src/logger.ts';
import { type Gateway, start } from '../src/start.ts';
import { closeAll } from './closers.ts';
import { createTestDatabase } from './database.ts';
import { JWT_SECRET } from './gateway.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Fails with a fault of the gateway, because a table that it reads is missing. */
const QUERY = '{ topics(first: 1) { nodes { slug } } }';

interface Answer {
  errors: { message: string; extensions: { code: string; id: string } }[];
}

interface Line {
  msg: string;
  requestId?: string;
  err?: { message: string };
  /** In the line that sums up former ones some seconds later. */
  repeated?: number;
}

let gateway: Gateway;
const closers: (() => unknown)[] = [];
let output: string[] = [];

beforeAll(async () => {
  const database = await createTestDatabase();
  closers.push(() => database.drop());
  const config = readConfig({ PORT: '0', DATABASE_URL: database.url, LOG_LEVEL: 'debug', JWT_SECRET });
  const log = createLogger({ level: config.logLevel, out: { write: (line) => output.push(line) } });
  gateway = await start({ config, log });
  closers.push(() => gateway.stop());
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  await sql.query('ALTER TABLE topic RENAME TO hidden_topic');
  await sql.end();
});

afterAll(() => closeAll(closers));

beforeEach(() => {
  output = [];
});

function lines(message: string): Line[] {
  return output
    .map((line) => JSON.parse(line) as Line)
    .filter(({ msg, repeated }) => msg === message && repeated === undefined);
}

async function post(headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: QUERY }),
  });
  return (await response.json()) as Answer;
}

function ask(client: ReturnType<typeof createClient>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    client.subscribe({ query: QUERY }, { next: (result) => resolve(result as never), error: reject, complete() {} });
  });
}

it("logs a fault's cause under the request's x-request-id and sends the client the id alone", async () => {
  const answer = await post({ 'x-request-id': 'proxy:7f/3+A=' });
  expect(answer.errors[0]!.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', id: 'proxy:7f/3+A=' });
  expect(JSON.stringify(answer)).not.toContain('does not exist');
  expect(lines('A request failed')).toMatchObject([
    { requestId: 'proxy:7f/3+A=', err: { message: 'relation "topic" does not exist' } },
  ]);
});

it.each([
  ['none', {}],
  ['an empty one', { 'x-request-id': '' }],
  ['one with other characters', { 'x-request-id': 'a b' }],
  ['one that is too long', { 'x-request-id': 'x'.repeat(129) }],
])('makes a new id for a request with %s', async (_, headers) => {
  const { errors } = await post(headers as Record<string, string>);
  expect(errors[0]!.extensions.id).toMatch(UUID);
  expect(lines('A request failed')).toMatchObject([{ requestId: errors[0]!.extensions.id }]);
});

it('gives each operation of a WebSocket an id of its own', async () => {
  const client = createClient({ url: gateway.url.replace('http', 'ws'), webSocketImpl: WebSocket, lazy: false });
  const answers = [await ask(client), await ask(client)];
  await client.dispose();
  const ids = answers.map(({ errors }) => errors[0]!.extensions.id);
  for (const id of ids) expect(id).toMatch(UUID);
  expect(new Set(ids).size).toBe(2);
  expect(lines('A request failed').map(({ requestId }) => requestId)).toEqual(ids);
});

it('logs why a token was refused under the id of the request, and not the token', async () => {
  const token = 'eyJhbGciOiJIUzI1NiJ9.e30.AAAA';
  await post({ 'x-request-id': 'r-1', authorization: `Bearer ${token}` });
  expect(lines('Refused a token')).toMatchObject([{ requestId: 'r-1', reason: expect.any(String) }]);
  expect(output.join('')).not.toContain(token);
});
