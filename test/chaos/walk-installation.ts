import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import pg from 'pg';
import { encodeId } from '../../schema/content/ids.ts';
import { importFiles } from '../../src/import/index.ts';
import type { Closers } from '../closers.ts';
import { createTestDatabase } from '../database.ts';
import { exportOf, type PostSpec } from '../fixtures/wordpress/export.ts';
import { tokenOf } from '../gateway.ts';
import { startProxy, type TestProxy } from '../proxy.ts';
import { startRedis } from '../redis-server.ts';
import { type NewComment, write } from '../seed.ts';
import { type Dial, dialMultipart, dialSocket, dialStream } from './dial.ts';
import { Node } from './node.ts';
import { post } from './post.ts';
import { type Viewer, WalkClient } from './walk-client.ts';
import type { Walk } from './walk-disturbances.ts';
import { createLedger } from './walk-ledger.ts';
import { dialPolling } from './walk-polling.ts';
import { type WalkBoard, WalkWriter, type WalkWriterOptions } from './walk-writers.ts';

/** What is running, without the functions of the walk itself. */
export type Installation = Omit<Walk, 'countEvents' | 'untilWritten' | 'whileNobodyWrites' | 'longestPause'> & {
  databaseUrl: string;
  /** Number of results of the writers by type. */
  results: ReadonlyMap<string, number>;
};

const CLIENTS = 60;
const WRITERS = 15;
const POLICIES = ['OPEN', 'OPEN', 'MODERATED', 'OPEN'] as const;
/** Comments of each article at the beginning. */
const COMMENTS = 20;
/** Milliseconds by which the clocks of the two gateways are ahead. */
const CLOCKS = [30_000, -30_000];
const TRANSPORTS: readonly [string, Dial][] = [
  ['WebSocket', dialSocket],
  ['event stream', dialStream],
  ['multipart', dialMultipart],
  ['polling', dialPolling],
];

/** Starts two gateways, their database and the bus, with the articles, clients and writers of a walk. */
export async function startInstallation(
  { withRedis, next, over }: { withRedis: boolean } & Pick<Walk, 'next' | 'over'>,
  closers: Closers,
): Promise<Installation> {
  const database = await createTestDatabase();
  closers.push(() => database.drop());
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  closers.push(() => sql.end());
  const importPost = await prepareImports(database.url, closers);
  const boards = await writeBoards(sql, importPost);
  await createLedger(sql);

  const redis = withRedis ? await startRedis() : null;
  closers.push(() => redis?.close());
  const { hostname, port } = new URL(database.url);
  const databaseProxy = await proxyTo(Number(port), closers);
  const databaseUrl = database.url.replace(`${hostname}:${port}`, `127.0.0.1:${databaseProxy.port}`);
  const nodes = await Promise.all(
    CLOCKS.map((clock) => Node.start({ databaseUrl, redisUrl: redis?.url ?? null, clock }, closers)),
  );
  const ports = nodes.map(({ url }) => Number(new URL(url).port));
  const proxies = (): Promise<TestProxy[]> => Promise.all(ports.map((node) => proxyTo(node, closers)));
  const proxiesOf = await Promise.all(TRANSPORTS.map(proxies));
  const urls = (await proxies()).map(urlOf);

  const viewers = await Promise.all([viewer('Anna', null), viewer('Reader', 'READER'), viewer('Mod', 'MODERATOR')]);
  const staff = (await viewer('Staff', 'ADMIN')).authorization!;
  const clients = createClients({
    boards,
    viewers,
    urlsOf: (transport) => proxiesOf[transport]!.map(urlOf),
    next,
    over,
  });
  const results = new Map<string, number>();
  const writers = createWriters({ boards, urls, next, over }, results);
  // Everybody is known to the database before the first backup.
  await Promise.all(writers.map((writer) => writer.rename()));
  for (const { authorization } of [...viewers, { authorization: staff }])
    await post(urls[0]!, { query: '{ viewer { author { id } } }', variables: {}, authorization });
  return {
    nodes,
    urls,
    clientProxies: proxiesOf.flat(),
    databaseProxy,
    redis,
    sql,
    staff,
    boards,
    clients,
    writers,
    next,
    over,
    importPost,
    databaseUrl: database.url,
    results,
  };
}

interface ClientsOptions {
  boards: readonly WalkBoard[];
  viewers: readonly Viewer[];
  /** @param transport its index */
  urlsOf(transport: number): readonly string[];
  next: () => number;
  over: AbortSignal;
}

/** Clients of every transport, article and viewer. */
function createClients({ boards, viewers, urlsOf, ...options }: ClientsOptions): WalkClient[] {
  return Array.from({ length: CLIENTS }, (_, i) => {
    const [transport, dial] = TRANSPORTS[i % TRANSPORTS.length]!;
    const article = boards[Math.floor(i / TRANSPORTS.length) % boards.length]!;
    const reader = viewers[Math.floor(i / TRANSPORTS.length / boards.length) % viewers.length]!;
    return new WalkClient({
      name: `Client ${i} (${transport}, ${reader.name}, ${article.slug})`,
      slug: article.slug,
      articleId: article.articleId,
      viewer: reader,
      dial,
      urls: urlsOf(i % TRANSPORTS.length),
      ...options,
    });
  });
}

function createWriters(
  options: Pick<WalkWriterOptions, 'boards' | 'urls' | 'next' | 'over'>,
  results: Map<string, number>,
): WalkWriter[] {
  const roles = [null, 'READER', 'MODERATOR', 'READER', null] as const;
  return Array.from(
    { length: WRITERS },
    (_, index) =>
      new WalkWriter({ ...options, name: `Writer ${index}`, role: roles[index % roles.length]!, index }, results),
  );
}

async function viewer(name: string, role: 'READER' | 'MODERATOR' | 'ADMIN' | null): Promise<Viewer> {
  return { name, authorization: role === null ? undefined : `Bearer ${await tokenOf({ name, role })}` };
}

const urlOf = ({ port }: TestProxy): string => `http://127.0.0.1:${port}/graphql`;

async function proxyTo(port: number, closers: Closers): Promise<TestProxy> {
  const proxy = await startProxy(port);
  closers.push(() => proxy.close());
  return proxy;
}

/** The articles that the walk is about: some of the gateway's own, and one that is imported. */
async function writeBoards(sql: pg.Client, importPost: Walk['importPost']): Promise<WalkBoard[]> {
  await write(sql, {
    authors: [{ id: 1 }],
    articles: POLICIES.map((policy, i) => ({ id: i + 1, policy })),
    comments: POLICIES.flatMap((_, i) =>
      Array.from({ length: COMMENTS }, (_, n): NewComment => {
        const id = i * COMMENTS + n + 1;
        return { id, article: i + 1, ...(n % 3 > 0 && { parent: id - 1 }) };
      }),
    ),
  });
  await importPost('followed');
  const { rows } = await sql.query<{ id: number; slug: string; policy: WalkBoard['policy'] | null }>(
    `SELECT id, slug, comment_policy AS policy FROM article WHERE status = 'PUBLISHED' ORDER BY id`,
  );
  return rows.map(({ id, slug, policy }) => {
    return { articleId: encodeId('Article', id), slug, policy: policy ?? 'OPEN', comments: [], hidden: [] };
  });
}

/** @returns imports an export of a site that has changed since the last one */
async function prepareImports(url: string, closers: Closers): Promise<Walk['importPost']> {
  const directory = await mkdtemp(join(tmpdir(), 'broadsheet-walk-'));
  closers.push(() => rm(directory, { recursive: true }));
  const file = join(directory, 'export.xml');
  const out = new Writable({ write: (_chunk, _encoding, done) => done() });
  let imports = 0;
  return async (which) => {
    imports += 1;
    const post: PostSpec = {
      id: which === 'followed' ? 1 : 2,
      comments: Array.from({ length: 10 + imports }, (_, n) => ({
        // Ids are those of the site.
        id: (which === 'followed' ? 0 : 10_000) + n + 1,
        ...(n % 2 === 1 && { parent: (which === 'followed' ? 0 : 10_000) + n }),
        text: `Imported comment ${n}${n % 3 === 0 ? `, at import ${imports}` : ''}`,
      })),
    };
    await writeFile(file, exportOf({ authors: [{ id: 7, login: 'jo' }], posts: [post] }));
    await importFiles({ files: [file], url, out });
  };
}
