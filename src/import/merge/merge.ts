import type pg from 'pg';
import { repairThreads, restartLogs } from '../../database/index.ts';
import { writeAddresses } from './addresses.ts';
import { matchArticles, writeArticles } from './articles.ts';
import { matchAuthors, writeStaff } from './authors.ts';
import { changedDiscussions, matchChangedDiscussions } from './changed-discussions.ts';
import { matchComments, writeComments } from './comments.ts';
import { writeGuests } from './guests.ts';
import { matchGuids } from './identity.ts';
import type { MergeContext } from './merge-context.ts';
import { writeProfiles } from './profiles.ts';
import { matchThreads } from './threads.ts';
import { matchTopics, writeTopics } from './topics.ts';

const MERGE_LOCK = 'broadsheet import';

/**
 * Merges the staged rows into the tables: creates the rows that are new, updates those whose digest has changed since
 * their last import, and keeps imported rows that this file lacks.
 *
 * Imports of the same site run one after the other. First all rows are matched. Then the existing rows that will change
 * are locked in the order that `Change` documents: articles, topics, authors, each by id. Only after that is anything
 * written. Readers of a running gateway do not wait for the import; its writers wait at most until it ends.
 *
 * Imported comments are not in the event log. The logs of the articles that change begin a new epoch instead, so clients that
 * follow them receive ResyncRequired and read again.
 * @returns the articles whose logs begin a new epoch
 */
export async function mergeStagedRows(context: MergeContext, reportStep: (name: string) => void): Promise<number[]> {
  const { client, source } = context;
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${MERGE_LOCK} ${source}`]);
  reportStep('matching');
  await matchAuthors(context);
  await matchTopics(context);
  await matchGuids(context);
  await matchArticles(context);
  await matchThreads(context);
  await matchComments(context);
  await matchChangedDiscussions(context);
  await lockChangedRows(client);
  reportStep('writing authors and topics');
  await writeStaff(context);
  await writeProfiles(context);
  await writeGuests(context);
  await writeTopics(context);
  reportStep('writing articles');
  await writeArticles(context);
  await writeAddresses(context);
  reportStep('writing comments');
  const discussedIds = await writeComments(context);
  reportStep('rebuilding threads and counters');
  const rebuilt = discussedIds.length > 0 ? (await repairThreads(client, discussedIds)).changedArticleIds : [];
  const restarted = await changedDiscussions(context, rebuilt);
  await restartLogs(client, restarted);
  return restarted;
}

async function lockChangedRows(client: pg.ClientBase): Promise<void> {
  await client.query(`
    SELECT FROM article WHERE id IN (
      SELECT id FROM merge_article WHERE outcome = 'updated'
      UNION
      SELECT article_id FROM merge_comment WHERE outcome IN ('created', 'updated')
      UNION
      SELECT id FROM merge_changed_discussion
    ) ORDER BY id FOR NO KEY UPDATE`);
  // A changed article changes the counters of its topics and of its author.
  const anyArticleChanges = `EXISTS (SELECT FROM merge_article WHERE outcome IN ('created', 'updated'))`;
  await client.query(`
    SELECT FROM topic WHERE id IN (SELECT id FROM merge_topic WHERE outcome = 'updated' OR ${anyArticleChanges})
     ORDER BY id FOR NO KEY UPDATE`);
  await client.query(`
    SELECT FROM author WHERE id IN (
      SELECT id FROM merge_author WHERE outcome = 'updated' OR ${anyArticleChanges}
      UNION
      SELECT author.id FROM author JOIN staged_comment USING (guest_key) JOIN merge_comment USING (file_position)
       WHERE outcome = 'created'
    ) ORDER BY id FOR NO KEY UPDATE`);
}
