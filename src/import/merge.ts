// From the staged rows to the tables, set by set, in the transaction that staged them.
import type pg from 'pg';
import { rebuildThreads } from '../database/index.ts';
import { matchArticles, writeArticles } from './merge-articles.ts';
import { matchComments, writeComments } from './merge-comments.ts';
import type { Merge } from './merge-job.ts';
import { matchPeople, writePeople } from './merge-people.ts';
import { matchTopics, writeTopics } from './merge-topics.ts';

const MERGE_LOCK = 'broadsheet import';

/**
 * Makes what the file has and the database has not, and updates what the file has otherwise than when it was last
 * imported. What was imported from an earlier file and is not in this one stays.
 *
 * Waits for another import of the same site. First everything is matched, then everything that exists and will change
 * is locked in the order that the gateway locks in (articles, topics, authors, each by id), then written: a running
 * gateway's readers do not wait, its writers at most until the transaction ends.
 *
 * Imported comments are not in the log of events: who watches a discussion meanwhile sees them on reading it anew.
 */
export async function merge(job: Merge, step: (name: string) => void): Promise<void> {
  const { client } = job;
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${MERGE_LOCK} ${job.source}`]);
  step('matching');
  await matchPeople(job);
  await matchTopics(job);
  await matchArticles(job);
  await matchComments(job);
  await lock(client);
  step('writing authors and topics');
  await writePeople(job);
  await writeTopics(job);
  step('writing articles');
  await writeArticles(job);
  step('writing comments');
  const discussed = await writeComments(job);
  step('counting discussions');
  if (discussed.length > 0) await rebuildThreads(client, discussed);
}

async function lock(client: pg.ClientBase): Promise<void> {
  await client.query(`
    SELECT FROM article WHERE id IN (
      SELECT id FROM merge_article WHERE outcome = 'updated'
      UNION
      SELECT article_id FROM merge_comment WHERE outcome IN ('made', 'updated')
    ) ORDER BY id FOR NO KEY UPDATE`);
  const changing = `EXISTS (SELECT FROM merge_article WHERE outcome IN ('made', 'updated'))`;
  await client.query(`
    SELECT FROM topic WHERE id IN (SELECT id FROM merge_topic WHERE outcome = 'updated' OR ${changing})
     ORDER BY id FOR NO KEY UPDATE`);
  await client.query(`
    SELECT FROM author WHERE id IN (
      SELECT id FROM merge_author WHERE outcome = 'updated' OR ${changing}
      UNION
      SELECT author.id FROM author JOIN staged_comment USING (guest_key) JOIN merge_comment USING (place)
       WHERE outcome = 'made'
    ) ORDER BY id FOR NO KEY UPDATE`);
}
