import { useDisableIntrospection } from '@envelop/disable-introspection';
import { type DocumentNode, getOperationAST } from 'graphql';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationSource } from '../src/execution/operation.ts';
import type { PipelinePlugin } from '../src/execution/pipeline.ts';
import { everyTransport } from './every-transport.ts';
import { startGateway, type TestGateway, tokenOf, until } from './gateway.ts';
import { openStream } from './http/requests.ts';
import { ADDED, addComment, awaitComment, openAcknowledged } from './protocol/socket.ts';
import { write } from './seed.ts';

const TRANSPORTS = ['POST', 'GET', 'SSE by POST', 'SSE by GET', 'WebSocket'];
const INTROSPECTION = '{ __schema { queryType { name } } }';
const SUBSCRIPTION = 'subscription Answered { articlePublished { id } }';

/** What the recording plugin below has seen, in order. */
let steps: string[] = [];

const record = (step: string) => () => {
  steps.push(step);
};

function operationName(document: DocumentNode): string | undefined {
  return getOperationAST(document)?.name?.value;
}

function failIfRequested(document: DocumentNode): void {
  if (operationName(document) === 'Fail') throw new Error('a secret of the plugin');
}

const plugins: PipelinePlugin[] = [
  // From the ecosystem, with a verdict that depends on the viewer.
  useDisableIntrospection({
    disableIf: ({ context }) => (context as unknown as OperationSource).identity.viewer?.role !== 'ADMIN',
  }),
  // Hooks into each step. Operations named `Fail` make it fail, and it answers subscriptions named `Answered` itself.
  {
    onParse: record('parse'),
    onValidate: record('validate'),
    onContextBuilding({ extendContext }) {
      record('context')();
      extendContext({ isRecorded: true } as object);
    },
    onExecute({ args: { document, contextValue } }) {
      failIfRequested(document);
      record(`execute with ${Object.keys(contextValue as object).includes('isRecorded') ? 'its' : 'no'} context`)();
    },
    onSubscribe({ args: { document }, setResultAndStopExecution }) {
      failIfRequested(document);
      record('subscribe')();
      if (operationName(document) === 'Answered') setResultAndStopExecution({ data: { answeredBy: 'the plugin' } });
    },
  },
];

let gateway: TestGateway;
let admin: string;

beforeAll(async () => {
  const seed = (sql: pg.Client) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] });
  // The errors below are logged.
  gateway = await startGateway(seed, { LOG_LEVEL: 'silent' }, { plugins });
  admin = `Bearer ${await tokenOf({ name: 'Ada', role: 'ADMIN' })}`;
});

afterAll(() => gateway.stop());

describe.each(TRANSPORTS)('over %s', (transport) => {
  const acceptsStream = transport !== 'POST' && transport !== 'GET';
  const send = (query: string, authorization?: string) => everyTransport(gateway, authorization)[transport]!(query);

  it('a document of more than 5,000 tokens is refused', async () => {
    // One letter each, so that the document fits into a URL.
    const query = (tokens: number) => `{${'a '.repeat(tokens - 2)}}`;
    expect(await send(query(5_001))).toMatch(/more tha[nt] 5000 tokens/);
    expect(await send(query(5_000))).toMatch(/GRAPHQL_VALIDATION_FAILED/);
  });

  it("a plugin's validation rule applies, for each viewer, although the document is cached", async () => {
    for (const _ of [1, 2]) {
      expect(await send(INTROSPECTION)).toMatch(/GraphQL introspection has been disabled/);
      expect(await send(INTROSPECTION, admin)).toMatch(/"queryType":\{"name":"Query"\}/);
    }
  });

  it('a plugin hooks into parse, validate, context and execute, in this order', async () => {
    steps = [];
    expect(await send('{ article(slug: "article-1") { title } }')).toMatch(/"title":"Title 1"/);
    expect(steps).toEqual(['parse', 'validate', 'context', 'execute with its context']);
  });

  it('a plugin hooks into subscribe, and may answer instead of the gateway', async () => {
    steps = [];
    const response = await send(SUBSCRIPTION);
    // A request that accepts one result alone is refused before.
    expect(response).toMatch(acceptsStream ? /"answeredBy":"the plugin"/ : /A subscription is answered over WebSocket/);
    expect(steps).toEqual(['parse', 'validate', ...(acceptsStream ? ['context', 'subscribe'] : [])]);
  });

  it('an error that a plugin throws is masked, and the client gets its id', async () => {
    for (const query of [
      'query Fail { __typename }',
      ...(acceptsStream ? [SUBSCRIPTION.replace('Answered', 'Fail')] : []),
    ]) {
      const response = await send(query);
      expect(response).toMatch(/"code":"INTERNAL_SERVER_ERROR","id":"/);
      expect(response).not.toContain('secret');
    }
  });
});

describe('a subscription that a plugin hooks into', () => {
  it.each(['GET', 'POST'] as const)('delivers events over SSE by %s', async (method) => {
    steps = [];
    const stream = await openStream(gateway, { query: ADDED }, { method });
    await until('the stream delivers a comment', async () => {
      if (stream.text().includes('"commentAdded":')) return true;
      await addComment(gateway, `Over SSE by ${method}`);
      return false;
    });
    expect(steps.filter((step) => step === 'subscribe')).toEqual(['subscribe']);
    stream.close();
    await until('no log is followed', () => gateway.watched === 0);
  });

  it('delivers events over WebSocket', async () => {
    steps = [];
    const socket = await openAcknowledged(gateway);
    socket.subscribe('live', ADDED);
    await awaitComment(gateway, socket, 'live');
    expect(steps.filter((step) => step === 'subscribe')).toEqual(['subscribe']);
    await socket.close();
    await until('no log is followed', () => gateway.watched === 0);
  });
});

// A URL and a message of a WebSocket are shorter than that.
it.each(['POST', 'SSE by POST'])(
  'over %s, a document of more than 100,000 characters is refused',
  async (transport) => {
    const send = everyTransport(gateway)[transport]!;
    const query = (length: number) => `{__typename}#${'x'.repeat(length - 13)}`;
    expect(await send(query(100_001))).toMatch(/DOCUMENT_TOO_LARGE/);
    expect(await send(query(100_000))).toMatch(/"__typename":"Query"/);
  },
);
