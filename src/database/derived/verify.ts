import pg from 'pg';
import { BULK_SETTINGS } from '../bulk-settings.ts';
import { AFTER_THREADS, BEFORE_THREADS, type Derivation } from './derivations.ts';
import { verifyNames } from './name-skeletons.ts';
import { restartLogs, restartModerationLog } from './restart-logs.ts';
import { checkThreads } from './thread-check.ts';
import type { ThreadDifferences } from './thread-differences.ts';
import { repairThreads } from './thread-repair.ts';

/** Rows of one kind that differ from a recomputation. */
interface Finding {
  description: string;
  count: number;
}

interface VerifyOptions {
  url: string;
  /** Also repair the rows that differ, where a statement can. */
  repair: boolean;
  /** Called after the commit with the articles whose logs begin a new epoch; without it, gateways notice within 2 s. */
  wakeReaders?: (articleIds: readonly number[]) => Promise<void>;
  /** Gives it up. */
  signal?: AbortSignal | undefined;
}

/**
 * Recomputes everything derived: places and counters of threads, reaction counts, article counts, the search index, skeletons of
 * names, and whether each log agrees with its comments. All in one transaction; while it repairs, it blocks every other change.
 * Clients that follow a discussion that a repair changes without an event receive ResyncRequired.
 * @returns what differed before any repair; empty when nothing did
 */
export async function verify({ url, repair, wakeReaders, signal }: VerifyOptions): Promise<Finding[]> {
  const client = new pg.Client({ connectionString: url });
  // A lost connection makes the running statement fail. Without a listener it would also end the process.
  client.on('error', () => {});
  await client.connect();
  const giveUp = () => client.connection.stream.destroy();
  signal?.addEventListener('abort', giveUp);
  try {
    // The server notices soon that the connection was given up.
    await client.query('SET client_connection_check_interval = 1000').catch(() => {});
    await client.query(BULK_SETTINGS);
    signal?.throwIfAborted();
    await client.query(repair ? 'BEGIN' : 'BEGIN ISOLATION LEVEL REPEATABLE READ');
    if (repair) await client.query('LOCK TABLE article IN EXCLUSIVE MODE');
    const findings: Finding[] = [];
    const changedArticleIds = new Set<number>();
    for (const derivation of BEFORE_THREADS) {
      if (repair) for (const id of await changedDiscussions(client, derivation)) changedArticleIds.add(id);
      findings.push(await verifyDerivation(client, derivation, repair));
    }
    const { comments, articles, authors, unreachable } = repair
      ? await repairAllThreads(client, changedArticleIds)
      : await checkThreads(client);
    findings.push(
      { description: 'comments with a wrong place or wrong counters', count: comments },
      { description: 'articles with wrong discussion counters', count: articles },
      { description: 'authors with a wrong comment count', count: authors },
      { description: 'comments that no chain of parents connects to their article', count: unreachable },
    );
    findings.push({
      description: 'people with wrong skeletons of their name',
      count: await verifyNames(client, repair),
    });
    let changesQueue = false;
    for (const derivation of AFTER_THREADS) {
      const finding = await verifyDerivation(client, derivation, repair);
      findings.push(finding);
      if (derivation.changesQueue && finding.count > 0) changesQueue = true;
    }
    if (repair) await restartLogs(client, [...changedArticleIds]);
    if (repair && changesQueue) await restartModerationLog(client);
    await client.query('COMMIT');
    if (changedArticleIds.size > 0) await wakeReaders?.([...changedArticleIds]);
    return findings.filter(({ count }) => count > 0);
  } finally {
    signal?.removeEventListener('abort', giveUp);
    await client.end();
  }
}

async function changedDiscussions(client: pg.Client, { changedDiscussions }: Derivation): Promise<number[]> {
  if (!changedDiscussions) return [];
  const { rows } = await client.query<{ id: number }>(changedDiscussions);
  return rows.map(({ id }) => id);
}

async function repairAllThreads(client: pg.Client, changed: Set<number>): Promise<ThreadDifferences> {
  const { updated, changedArticleIds } = await repairThreads(client);
  for (const id of changedArticleIds) changed.add(id);
  return updated;
}

async function verifyDerivation(client: pg.Client, derivation: Derivation, repair: boolean): Promise<Finding> {
  const { description, differing } = derivation;
  const { rows } = await client.query<{ count: number }>(`SELECT count(*)::int AS count FROM (${differing}) d`);
  const count = rows[0]!.count;
  if (repair && derivation.repair && count > 0) await client.query(derivation.repair);
  return { description, count };
}
