import { repairThreads, restartLogs, restartModerationLog } from '../../database/index.ts';
import { ImportError } from '../import-error.ts';
import { writeAddresses } from './addresses.ts';
import { keepChangedArticles, matchArticles, reportArticles, writeArticleParts, writeNewArticles } from './articles.ts';
import { matchAuthors, updateStaff, writeStaff } from './authors.ts';
import { Batches, chooseBatch } from './batches.ts';
import { changedDiscussions, matchChangedDiscussions } from './changed-discussions.ts';
import {
  keepChangedComments,
  matchComments,
  recordUnchangedComments,
  reportComments,
  writeComments,
} from './comments.ts';
import { addToCounters } from './counters.ts';
import { countGuests, matchGuests } from './guests.ts';
import { matchGuids } from './identity.ts';
import { lockBatch } from './lock-batch.ts';
import type { MergeContext } from './merge-context.ts';
import { writeProfiles } from './profiles.ts';
import { matchThreads } from './threads.ts';
import { matchTopics, updateTopics, writeTopics } from './topics.ts';

const MERGE_LOCK = 'broadsheet import';

type ReportStep = (name: string) => void;

/** Runs some work in a transaction of its own, which a dry run rolls back. */
type Transaction = (work: () => Promise<void>) => Promise<void>;

/**
 * Matches the staged rows with those that are here, and writes the new guests. Imports of the same site run one after the other.
 */
export async function matchRows(context: MergeContext, reportStep: ReportStep): Promise<void> {
  const { client, source } = context;
  await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [`${MERGE_LOCK} ${source}`]);
  reportStep('matching');
  await matchAuthors(context);
  await matchTopics(context);
  await matchGuids(context);
  await matchArticles(context);
  await matchThreads(context);
  await matchComments(context);
  await matchGuests(context);
  await matchChangedDiscussions(context);
}

/**
 * Creates all that is new, in the transaction of the caller. Rows that were imported before and that this file lacks are kept.
 *
 * Nobody else sees the rows that the transaction creates, and it locks no others but, at its end, those of staff and topics for
 * their counters. So the writers of a running gateway do not wait for it.
 */
export async function writeNewRows(context: MergeContext, reportStep: ReportStep): Promise<void> {
  const { client } = context;
  await client.query(`SET LOCAL broadsheet.counts = 'at the end'`);
  reportStep('writing authors and topics');
  await writeStaff(context);
  await writeProfiles(context);
  await writeTopics(context);
  reportStep('writing articles');
  await chooseBatch(client, `SELECT id FROM merge_article WHERE outcome = 'created'`);
  await writeNewArticles(context);
  await writeArticleParts(context);
  await writeAddresses(context);
  reportStep('writing comments');
  const { articleIds, changesQueue } = await writeComments(context);
  await recordUnchangedComments(context);
  reportStep('rebuilding threads and counters');
  if (articleIds.length > 0) await repairThreads(client, articleIds, { authors: false });
  if (context.dryRun) return;
  await addToCounters(context);
  if (changesQueue) await restartModerationLog(client);
}

/**
 * Writes what changes of articles, people and topics that are here already: articles with their comments in batches, each in a
 * short transaction of its own that locks first, in the order that `Change` documents: articles, topics, authors, each by id.
 *
 * Imported comments are not in the event log. The logs of the articles that change begin a new epoch instead, so clients that
 * follow them receive ResyncRequired and read again.
 *
 * @throws ImportError after the first batch, which says how far it came
 */
export async function updateRows(context: MergeContext, options: UpdateOptions): Promise<void> {
  const { client } = context;
  const { inTransaction, onBatch, restarted } = options;
  if (!context.dryRun) await countGuests(context, inTransaction);
  await inTransaction(() => updateTopics(context));
  await inTransaction(() => updateStaff(context));
  const batches = new Batches(client);
  const all = await batches.list();
  let done = 0;
  try {
    while (done < all) {
      onBatch(done, all);
      const count = await batches.next();
      if (count === 0) break;
      const started = performance.now();
      let changed: number[] = [];
      await inTransaction(async () => {
        changed = await writeBatch(context);
      });
      restarted.push(...changed);
      batches.adapt(performance.now() - started);
      done += count;
    }
  } catch (cause) {
    if (context.dryRun) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ImportError(
      `All new content is imported, but only ${done} of ${all} articles that have changed. Import the same files again. (${reason})`,
      null,
      { cause },
    );
  }
}

interface UpdateOptions {
  inTransaction: Transaction;
  onBatch: (done: number, all: number) => void;
  /** Receives the articles whose logs begin a new epoch, after each commit. */
  restarted: number[];
}

async function writeBatch(context: MergeContext): Promise<number[]> {
  const { client } = context;
  await lockBatch(client);
  await keepWhatChanged(context);
  await writeArticleParts(context);
  const { articleIds, changesQueue } = await writeComments(context);
  const rebuilt = articleIds.length > 0 ? (await repairThreads(client, articleIds)).changedArticleIds : [];
  const restarted = await changedDiscussions(context, rebuilt);
  await restartLogs(client, restarted);
  // A sequence that a dry run skips would stay skipped.
  if (changesQueue && !context.dryRun) await restartModerationLog(client);
  return restarted;
}

/** What people have changed since it was matched is kept. */
async function keepWhatChanged(context: MergeContext): Promise<void> {
  await keepChangedArticles(context);
  await keepChangedComments(context);
}

/** Reports what the merge has done. */
export async function reportMerge(context: MergeContext): Promise<void> {
  await reportArticles(context);
  await reportComments(context);
}
