import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FormattedExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../schema/index.ts';
import { BackgroundWork } from '../src/background/background-work.ts';
import { ConfigError, readConfig } from '../src/config.ts';
import { createPipeline, readTrustedDocuments } from '../src/execution/index.ts';
import { createLogger } from '../src/logger.ts';
import { start } from '../src/start.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { openTransports, type Transports } from './hostile/replies.ts';
import { ADD_COMMENT, commentInput, get, post, send } from './http/requests.ts';
import { write } from './seed.ts';

const TRANSPORTS = ['POST', 'GET', 'SSE by POST', 'SSE by GET', 'multipart by POST', 'multipart by GET', 'WebSocket'];
const TITLE = 'query Title($slug: String!) { article(slug: $slug) { title } }';
const EXPENSIVE =
  'query Many($n: Int!) { articles(first: $n) { nodes { comments(first: $n) { nodes { replies(first: $n) { totalCount } } } } } }';
const OUTDATED = 'query Outdated { removedField }';
const NESTED = `query Nested { article(slug: ${'['.repeat(201)}${']'.repeat(201)}) { title } }`;
const DOCUMENTS = { Title: TITLE, Many: EXPENSIVE, Outdated: OUTDATED, Nested: NESTED, Add: ADD_COMMENT };
const variables = { slug: 'article-1' };
const RESULT = { data: { article: { title: 'Title 1' } } };

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'broadsheet-documents-'));
});

afterAll(() => rm(directory, { recursive: true }));

function hash(algorithm: 'md5' | 'sha1' | 'sha256', text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}

function byHash(algorithm: 'md5' | 'sha1' | 'sha256'): Record<string, string> {
  return Object.fromEntries(Object.values(DOCUMENTS).map((text) => [hash(algorithm, text), text]));
}

const MANIFESTS: [tool: string, manifest: unknown, idOf: (text: string) => string][] = [
  ['graphql-codegen', byHash('sha1'), (text) => hash('sha1', text)],
  ['Relay', byHash('md5'), (text) => hash('md5', text)],
  [
    'Apollo',
    {
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: Object.entries(DOCUMENTS).map(([name, body]) => ({
        id: hash('sha256', body),
        name,
        type: body.split(' ', 1)[0],
        body,
      })),
    },
    (text) => hash('sha256', text),
  ],
];

async function writeManifest(manifest: unknown): Promise<string> {
  const path = join(directory, `manifest-${hash('md5', JSON.stringify(manifest))}.json`);
  await writeFile(path, typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
  return path;
}

interface Opened {
  gateway: TestGateway;
  transports: Transports;
}

async function open(manifest: unknown, environment: Record<string, string> = {}): Promise<Opened> {
  const gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }), {
    TRUSTED_DOCUMENTS: await writeManifest(manifest),
    LOG_LEVEL: 'silent',
    ...environment,
  });
  return { gateway, transports: await openTransports(gateway) };
}

async function close({ gateway, transports }: Opened): Promise<void> {
  await transports.close();
  await gateway.stop();
}

async function sendOver({ transports }: Opened, transport: string, parameters: object) {
  const reply = await transports.byName[transport]!.send(parameters as Record<string, unknown>);
  expect(reply).toHaveLength(1);
  return reply[0] as FormattedExecutionResult;
}

function codeOf({ errors = [] }: FormattedExecutionResult): unknown {
  return errors[0]?.extensions?.code;
}

/** The ways in which clients name a document. */
function namings(id: string): Record<string, unknown>[] {
  return [
    { extensions: { persistedQuery: { version: 1, sha256Hash: id } } },
    { documentId: id },
    { doc_id: id },
    { id },
    { query: '', id },
    { documentId: `sha256:${id}` },
  ];
}

describe.each(MANIFESTS)('a manifest of %s', (_, manifest, idOf) => {
  let opened: Opened;

  beforeAll(async () => {
    opened = await open(manifest);
  });

  afterAll(() => close(opened));

  it.each(TRANSPORTS)('has documents that are executed by their id over %s', async (transport) => {
    for (const name of namings(idOf(TITLE)))
      expect(await sendOver(opened, transport, { ...name, variables }), JSON.stringify(name)).toEqual(RESULT);
    const bySha256 = { extensions: { persistedQuery: { version: 1, sha256Hash: hash('sha256', TITLE) } } };
    expect(await sendOver(opened, transport, { ...bySha256, variables })).toEqual(RESULT);
    for (const name of namings('unknown'))
      expect(codeOf(await sendOver(opened, transport, { ...name, variables }))).toBe('PERSISTED_QUERY_NOT_FOUND');
    // Other documents are executed, too, as without a manifest; beside a text, an id may mean anything.
    expect(await sendOver(opened, transport, { query: '{ __typename }' })).toEqual({ data: { __typename: 'Query' } });
    expect(await sendOver(opened, transport, { query: '{ __typename }', id: idOf(TITLE) })).toEqual({
      data: { __typename: 'Query' },
    });
  });

  it.each(TRANSPORTS)('has documents that are limited and validated like all others over %s', async (transport) => {
    const named = (text: string) => ({ documentId: idOf(text) });
    const many = await sendOver(opened, transport, { ...named(EXPENSIVE), variables: { n: 100 } });
    expect(codeOf(many)).toBe('OPERATION_TOO_EXPENSIVE');
    expect(codeOf(await sendOver(opened, transport, named(NESTED)))).toBe('DOCUMENT_TOO_LARGE');
    expect((await sendOver(opened, transport, named(OUTDATED))).errors?.[0]?.message).toContain('removedField');
  });

  it('has mutations, which are executed over POST and refused over GET', async () => {
    const documentId = idOf(ADD_COMMENT);
    const added = await post(opened.gateway, { documentId, variables: commentInput('Hello') });
    expect(added.json.data).toMatchObject({ addComment: { comment: {} } });
    const refused = await get(opened.gateway, { documentId, variables: JSON.stringify(commentInput('Hello')) });
    expect(refused.status).toBe(405);
  });
});

describe('TRUSTED_DOCUMENTS_ONLY', () => {
  let opened: Opened;

  beforeAll(async () => {
    opened = await open({ title: TITLE }, { TRUSTED_DOCUMENTS_ONLY: 'on' });
  });

  afterAll(() => close(opened));

  it.each(TRANSPORTS)('executes the documents of the manifest and refuses all others over %s', async (transport) => {
    for (const name of namings('title'))
      expect(await sendOver(opened, transport, { ...name, variables }), JSON.stringify(name)).toEqual(RESULT);
    // Some transports of clients send the text as well.
    expect(await sendOver(opened, transport, { query: TITLE, documentId: 'title', variables })).toEqual(RESULT);
    const other = '{ __typename }';
    const persistedQuery = { version: 1, sha256Hash: hash('sha256', other) };
    for (const [parameters, code] of [
      [{ query: other }, 'PERSISTED_QUERY_ID_REQUIRED'],
      [{ query: '{' }, 'PERSISTED_QUERY_ID_REQUIRED'],
      [{ query: TITLE, variables }, 'PERSISTED_QUERY_ID_REQUIRED'],
      [{ documentId: 'other' }, 'PERSISTED_QUERY_NOT_IN_LIST'],
      [{ extensions: { persistedQuery } }, 'PERSISTED_QUERY_NOT_IN_LIST'],
      [{ query: other, extensions: { persistedQuery } }, 'PERSISTED_QUERY_NOT_IN_LIST'],
      [{ query: other, documentId: 'title' }, 'PERSISTED_QUERY_HASH_MISMATCH'],
    ] as const) {
      const result = await sendOver(opened, transport, parameters);
      expect(result, JSON.stringify(parameters)).not.toHaveProperty('data');
      expect(codeOf(result), JSON.stringify(parameters)).toBe(code);
    }
  });

  it('serves browsers a page that explains it, instead of a GraphiQL whose documents are all refused', async () => {
    const headers = { accept: 'text/html,*/*;q=0.8' };
    const page = await send(opened.gateway, '/graphql', { headers });
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body.toString()).toContain('trusted documents only');
    const head = await send(opened.gateway, '/graphql', { method: 'HEAD', headers });
    expect(head.headers['content-length']).toBe(page.headers['content-length']);
    expect((await send(opened.gateway, '/schema.graphql')).status).toBe(404);
  });
});

describe('a broken manifest', () => {
  const apollo = (more: object) => ({ format: 'apollo-persisted-query-manifest', version: 1, operations: [], ...more });

  it.each<[string, unknown, string]>([
    ['is not JSON', '{ "secret": tulip', 'the file is not JSON'],
    ['is empty', '', 'the file is not JSON'],
    ['is a list', [TITLE], 'the file must have an object'],
    ['has no documents', {}, 'the manifest has no documents'],
    ['has an empty id', { '': TITLE }, 'a document has an empty id'],
    ['has a document that is not a text', { a: TITLE, b: 1 }, 'the document "b" is not a text'],
    ['has a syntax error', { a: TITLE, b: '{ tulip tulip: }' }, 'the document "b" is not GraphQL (line 1, column 16)'],
    ['has another format', apollo({ format: 'other' }), '`format` must be "apollo-persisted-query-manifest"'],
    ['has no format', { operations: [] }, '`format` must be "apollo-persisted-query-manifest"'],
    ['has another version', apollo({ version: 2 }), '`version` of the manifest must be 1'],
    ['has no operations', apollo({ operations: {} }), '`operations` of the manifest must be a list'],
    ['has no operation', apollo({}), 'the manifest has no documents'],
    ['has an operation without an id', apollo({ operations: [{ body: TITLE }] }), 'index 0 has no `id`'],
    ['has an operation that is null', apollo({ operations: [null] }), 'index 0 has no `id`'],
    ['has an operation without a body', apollo({ operations: [{ id: 'a' }] }), 'the document "a" is not a text'],
    [
      'has an id twice',
      apollo({
        operations: [
          { id: 'a', body: TITLE },
          { id: 'a', body: OUTDATED },
        ],
      }),
      'the id "a" has two different documents',
    ],
  ])('that %s ends the start with an error that shows no text of it', async (_, manifest, message) => {
    const starting = startWith(await writeManifest(manifest));
    await expect(starting).rejects.toThrow(ConfigError);
    await expect(starting).rejects.toThrow(`TRUSTED_DOCUMENTS: `);
    await expect(starting).rejects.toThrow(message);
    await expect(starting).rejects.not.toThrow('tulip');
  });

  it('that cannot be read ends the start with the reason', async () => {
    await expect(startWith(join(directory, 'none.json'))).rejects.toThrow(
      new ConfigError('TRUSTED_DOCUMENTS: the file cannot be read (ENOENT)'),
    );
    await expect(startWith(directory)).rejects.toThrow('TRUSTED_DOCUMENTS: the file cannot be read (EISDIR)');
  });
});

it('a manifest with documents that the schema refuses is used, and the log names them', async () => {
  const lines: string[] = [];
  const config = readConfig({ TRUSTED_DOCUMENTS: await writeManifest(`\ufeff${JSON.stringify(DOCUMENTS)}`) });
  createPipeline({
    schema,
    log: createLogger({ level: 'error', out: { write: (line) => lines.push(line) } }),
    createContext: () => ({}) as never,
    costLimit: 1,
    costBudget: { consume: () => 0 } as never,
    trustedDocuments: await readTrustedDocuments(config),
    work: new BackgroundWork(),
  });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({
    count: 2,
    documents: [expect.stringContaining('Outdated: '), expect.stringContaining('Nested: ')],
  });
});

/** Nothing is opened before the manifest is read. */
function startWith(path: string): Promise<unknown> {
  const config = readConfig({ TRUSTED_DOCUMENTS: path, DATABASE_URL: 'postgres://127.0.0.1:1/none', PORT: '0' });
  return start({ config, log: createLogger({ level: 'silent' }) });
}
