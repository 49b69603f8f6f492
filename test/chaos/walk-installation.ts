import pg from 'pg';
import { encodeId } from '../../schema/content/ids.ts';
import type { Closers } from '../closers.ts';
import { createTestDatabase } from '../database.ts';
import { startRedis } from '../redis-server.ts';
import { type NewComment, write } from '../seed.ts';
import { Node } from './node.ts';
import { post } from './post.ts';
import { isSoak } from './size.ts';
import type { Walk } from './walk-disturbances.ts';
import { prepareImports } from './walk-imports.ts';
import { createLedger } from './walk-ledger.ts';
import { createClients, createWriters, openEntrances, proxyTo, viewer } from './walk-people.ts';
import type { WalkBoard } from './walk-writers.ts';

/** What is running, without the functions of the walk itself. */
export type Installation = Omit<Walk, 'countEvents' | 'untilWritten' | 'whileNobodyWrites' | 'longestPause'> & {
  databaseUrl: string;
  /** Number of results of the writers by type. */
  results: ReadonlyMap<string, number>;
};

export const CLIENTS = isSoak ? 60 : 20;
export const WRITERS = isSoak ? 15 : 8;
const POLICIES = ['OPEN', 'OPEN', 'MODERATED', 'OPEN'] as const;
/** Comments of each article at the beginning. */
const COMMENTS = 20;
/** Milliseconds by which the clocks of the two gateways are ahead. */
const CLOCKS = [30_000, -30_000];

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
  const imports = await prepareImports(database.url, closers);
  const importPost: Walk['importPost'] = (which) => imports.post(which === 'followed' ? 1 : 2);
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
  const entrances = await openEntrances(nodes, closers);
  const { urls } = entrances;

  const viewers = await Promise.all([viewer('Anna', null), viewer('Reader', 'READER'), viewer('Mod', 'MODERATOR')]);
  const staff = (await viewer('Staff', 'ADMIN')).authorization!;
  const clients = createClients({ count: CLIENTS, boards, viewers, entrances, next, over });
  const results = new Map<string, number>();
  const writers = createWriters({ count: WRITERS, name: 'Writer', boards, urls, next, over, results });
  // Everybody is known to the database before the first backup.
  await Promise.all(writers.map((writer) => writer.rename()));
  for (const { authorization } of [...viewers, { authorization: staff }])
    await post(urls[0]!, { query: '{ viewer { author { id } } }', variables: {}, authorization });
  return {
    nodes,
    urls,
    clientProxies: entrances.proxies.flat(),
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
