import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { createClient, fetchExchange, gql as urqlGql } from '@urql/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../../schema/content/ids.ts';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { ARTICLE, addComment } from '../http/requests.ts';
import { write } from '../seed.ts';
import { IosParser } from './ios-parser.ts';
import { KotlinParser } from './kotlin-parser.ts';

/** The headers `accept` of subscriptions: of Apollo iOS, Apollo Kotlin, Apollo Client, and the spellings that RFC 9110 allows. */
const ACCEPTED = [
  'multipart/mixed;subscriptionSpec=1.0,application/graphql-response+json,application/json',
  'multipart/mixed;subscriptionSpec=1.0, application/graphql-response+json, application/json',
  'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/graphql-response+json,application/json;q=0.9',
  'multipart/mixed;boundary="graphql";subscriptionSpec=1.0, application/json',
  'multipart/mixed;subscriptionSpec="1.0", application/json',
  'multipart/mixed; boundary=graphql; subscriptionSpec="1.0"',
  'multipart/mixed ; subscriptionspec=1.0',
  'Multipart/Mixed; SubscriptionSpec="1.0", application/json',
  'application/json, multipart/mixed;subscriptionSpec=1.0',
];

const EVENTS = `subscription Events($id: ID!) {
  commentEvents(articleId: $id) { __typename ... on CommentAdded { comment { id body { text } } } } }`;

/** Milliseconds. Usually the first result comes much earlier. */
const HEARTBEAT_INTERVAL = 200;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(
    (sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }, { id: 2, status: 'ARCHIVED', at: 1 }] }),
    {},
    { heartbeatInterval: HEARTBEAT_INTERVAL },
  );
});

afterAll(() => gateway.stop());

/** A response as it came off the socket. */
interface Recording {
  contentType: string;
  body: Buffer;
}

async function open(id: string, accept: string) {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify({ query: EVENTS, variables: { id } }),
  });
  const chunks: Buffer[] = [];
  const ended = (async () => {
    for await (const chunk of response.body!) chunks.push(Buffer.from(chunk));
  })();
  const contentType = response.headers.get('content-type')!;
  const text = (): string => Buffer.concat(chunks).toString();
  async function recorded(): Promise<Recording> {
    await ended;
    return { contentType, body: Buffer.concat(chunks) };
  }
  return { contentType, text, recorded };
}

type Conversation = (accept: string) => Promise<Recording>;

/** A subscription with results, a heartbeat and a last error. */
const withdrawn: Conversation = async (accept) => {
  await gateway.sql.query(`UPDATE article SET status = 'PUBLISHED' WHERE id = 1`);
  const stream = await open(ARTICLE, accept);
  await until('it has caught up', () => stream.text().includes('CaughtUp'));
  await until('a heartbeat arrives', () => stream.text().endsWith('\r\n\r\n{}\r\n--graphql'));
  await addComment(gateway, 'Größe — 字, \r\n--graphql');
  await until('the comment arrives', () => stream.text().includes('字'));
  await gateway.sql.query(`UPDATE article SET status = 'ARCHIVED' WHERE id = 1`);
  return stream.recorded();
};

/** A subscription that is refused with its first result. */
const refused: Conversation = async (accept) => (await open(encodeId('Article', 2), accept)).recorded();

/** A conversation in which no heartbeat came before the first result: urql would take it for an empty response. */
async function withResultFirst(converse: Conversation): Promise<Recording> {
  const recording = await converse(ACCEPTED[0]!);
  return /^\r\n--graphql\r\n.*\r\n\r\n\{\}/.test(recording.body.toString()) ? withResultFirst(converse) : recording;
}

type Parse = (recording: Recording, chunks: readonly Buffer[]) => object[] | Promise<object[]>;

/** What each client makes of a body that arrives in these chunks: the results, and the failure as the last one. */
const CLIENTS: Record<string, Parse> = {
  'Apollo iOS'({ contentType }, chunks) {
    const parser = new IosParser(contentType);
    try {
      for (const chunk of chunks) parser.push(chunk);
      parser.end();
    } catch (error) {
      return [...parser.payloads, { failure: /\w+/.exec((error as Error).message)![0] }];
    }
    return parser.payloads;
  },
  'Apollo Kotlin'({ contentType }, chunks) {
    const parser = new KotlinParser(contentType);
    for (const chunk of chunks) parser.push(chunk);
    if (parser.routerErrors.length > 0) return [...parser.payloads, { failure: 'RouterError' }];
    parser.end();
    return parser.payloads;
  },
  'Apollo Client': (recording, chunks) =>
    new Promise((resolve) => {
      const link = new HttpLink({ uri: 'http://localhost', fetch: async () => replay(recording, chunks) });
      const client = new ApolloClient({ link, cache: new InMemoryCache() });
      const results: object[] = [];
      client
        .subscribe({ query: gql(EVENTS), variables: { id: ARTICLE }, fetchPolicy: 'no-cache', errorPolicy: 'all' })
        .subscribe({
          next({ data, error }) {
            // After an error beside the payload it also reports that the last delimiter is missing.
            if (results.some((result) => 'failure' in result)) return;
            results.push(error ? { failure: error.message } : { data });
          },
          complete: () => resolve(results),
        });
    }),
  urql: (recording, chunks) =>
    new Promise((resolve) => {
      const client = createClient({
        url: 'http://localhost',
        preferGetMethod: false,
        exchanges: [fetchExchange],
        fetchSubscriptions: true,
        fetch: async () => replay(recording, chunks),
      });
      const results: object[] = [];
      client.subscription(urqlGql(EVENTS), { id: ARTICLE }).subscribe(({ data, error, hasNext }) => {
        const result = error ? { failure: error.message } : { data };
        // For a heartbeat and at the end it repeats the last result, unless both come at once.
        const isRepeated = JSON.stringify(result) === JSON.stringify(results.at(-1));
        if ((error || data) && !isRepeated) results.push(result);
        if (!hasNext) resolve(results);
      });
    }),
};

function replay({ contentType }: Recording, chunks: readonly Buffer[]): Response {
  const body = new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new Uint8Array(chunk));
      controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': contentType } });
}

/** A body in two chunks, for every place between its bytes, and in chunks of one byte. */
function* cuts(body: Buffer): Generator<Buffer[]> {
  for (let i = 0; i <= body.length; i++) yield [body.subarray(0, i), body.subarray(i)];
  yield [...body].map((byte) => Buffer.from([byte]));
}

describe('a multipart response', () => {
  it('has the header and the delimiters of Apollo Router', async () => {
    const { contentType, body } = await withdrawn(ACCEPTED[0]!);
    expect(contentType).toBe('multipart/mixed;boundary="graphql";subscriptionSpec=1.0');
    const parts = body.toString().split('\r\n--graphql');
    // Apollo iOS 1 divides the body by the boundary alone, which a comment has in its text, too.
    expect(body.toString().split('--graphql')).toHaveLength(parts.length);
    expect(parts[0]).toBe('');
    expect(parts.at(-1)).toBe('--\r\n');
    for (const part of parts.slice(1, -1)) expect(part).toMatch(/^\r\ncontent-type: application\/json\r\n\r\n\{.*\}$/);
  });

  it('is what every spelling of its media type in the request gets', async () => {
    for (const accept of ACCEPTED) {
      const { contentType, body } = await refused(accept);
      expect(contentType, accept).toBe('multipart/mixed;boundary="graphql";subscriptionSpec=1.0');
      expect(body.toString(), accept).toMatch(/^\r\n--graphql\r\n/);
    }
  });

  it('is not what a query gets that also accepts it', async () => {
    for (const accept of [...ACCEPTED, 'multipart/mixed;deferSpec=20220824, application/json']) {
      if (!accept.includes('application/')) continue;
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: '{"query":"{ __typename }"}',
      });
      expect(response.headers.get('content-type'), accept).toMatch(/^application\/(graphql-response\+)?json/);
      expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
    }
  });

  describe.each(Object.entries(CLIENTS))('is read by %s, wherever the network cuts it:', (name, parse) => {
    async function expectEverywhere(recording: Recording, expected: object[]): Promise<void> {
      for (const chunks of cuts(recording.body))
        expect(await parse(recording, chunks), `cut at ${chunks[0]!.length}`).toEqual(expected);
    }

    it('results, heartbeats, and the error of a withdrawn article', async () => {
      const recording = await withResultFirst(withdrawn);
      const [caughtUp, added, last, ...others] = await parse(recording, [recording.body]);
      expect(caughtUp).toEqual({ data: { commentEvents: { __typename: 'CaughtUp' } } });
      expect(JSON.stringify(added)).toContain('Größe — 字');
      expect(JSON.stringify(last)).toMatch(/withdrawn/);
      expect(others).toEqual([]);
      await expectEverywhere(recording, [caughtUp!, added!, last!]);
    });

    it('a refusal', async () => {
      const recording = await withResultFirst(refused);
      const [only, ...others] = await parse(recording, [recording.body]);
      expect(JSON.stringify(only)).toMatch(/withdrawn/);
      expect(others).toEqual([]);
      await expectEverywhere(recording, [only!]);
    });

    // urql asks for event streams, and knows no errors beside the payload.
    it.runIf(name !== 'urql')('the error of the transport when the gateway stops', async () => {
      const other = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
      const response = await fetch(other.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: ACCEPTED[0]! },
        body: JSON.stringify({ query: EVENTS, variables: { id: ARTICLE } }),
      });
      const reader = response.body!.getReader();
      const chunks: Buffer[] = [];
      const read = async (): Promise<boolean> => {
        const { done, value } = await reader.read();
        if (value) chunks.push(Buffer.from(value));
        return !done;
      };
      while (!Buffer.concat(chunks).includes('CaughtUp')) await read();
      const stopping = other.stop();
      while (await read());
      await stopping;
      const recording = { contentType: response.headers.get('content-type')!, body: Buffer.concat(chunks) };
      const results = await parse(recording, [recording.body]);
      expect(results).toEqual([
        { data: { commentEvents: { __typename: 'CaughtUp' } } },
        { failure: expect.any(String) },
      ]);
      await expectEverywhere(recording, results);
    });
  });
});
