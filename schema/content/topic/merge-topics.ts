import type { Context, Queryable } from '../context.ts';
import { InvalidInputError } from '../errors.ts';
import type { TopicRow } from '../row-types.ts';
import { lockSlugs } from '../slug-lock.ts';
import { checkTopicId, noSuchTopic } from './topic-input.ts';
import { reloadTopic, requireTopicEditor } from './topic-rights.ts';
import { isBelowOrSame } from './topic-tree.ts';

export interface MergeTopicsInput {
  /** The topic that is deleted. */
  from: string;
  into: string;
}

interface Merge {
  from: number;
  into: number;
}

/**
 * Deletes a topic and gives what it had to another: its articles, the topics below it, its slug and former slugs, and its addresses at
 * former sites. Name, description and place of the other stay, unless it was below the deleted one: then it takes that one's place.
 * @throws ForbiddenError, NotFoundError, InvalidInputError for two ids of one topic
 */
export async function mergeTopics(context: Context, input: MergeTopicsInput): Promise<TopicRow> {
  requireTopicEditor(context);
  const merge = { from: checkTopicId(input.from), into: checkTopicId(input.into) };
  if (merge.from === merge.into)
    throw new InvalidInputError('`into` must name another topic than `from`; both name the same.', ['input', 'into']);
  while (!(await context.change((tx) => mergeLocked(tx, merge))));
  return reloadTopic(context, merge.into);
}

/** @returns false, with nothing changed, when an article was saved with the topic before slugs were locked: it must be locked, too */
async function mergeLocked(tx: Queryable, merge: Merge): Promise<boolean> {
  const articles = await lockArticlesAbout(tx, merge.from);
  await lockSlugs(tx);
  if (await hasOtherArticles(tx, merge.from, articles)) return false;
  await lockTopics(tx, merge);
  await moveChildren(tx, merge);
  await moveArticles(tx, merge);
  await moveSlugs(tx, merge);
  await tx.query({ name: 'topic-delete', text: 'DELETE FROM topic WHERE id = $1', values: [merge.from] });
  return true;
}

/** In the order of locks that `Change` states: articles come before the lock of slugs and before topics. */
async function lockArticlesAbout(tx: Queryable, topicId: number): Promise<number[]> {
  const rows = await tx.query<[id: number]>({
    name: 'topic-articles-lock',
    text: `SELECT id FROM article WHERE id IN (SELECT article_id FROM article_topic WHERE topic_id = $1)
      ORDER BY id FOR NO KEY UPDATE`,
    values: [topicId],
  });
  return rows.map(([id]) => id);
}

/** Whether articles beside these are about the topic. */
async function hasOtherArticles(tx: Queryable, topicId: number, ids: readonly number[]): Promise<boolean> {
  const rows = await tx.query({
    name: 'topic-other-articles',
    text: 'SELECT 1 FROM article_topic WHERE topic_id = $1 AND article_id <> ALL($2::int[]) LIMIT 1',
    values: [topicId, ids],
  });
  return rows.length > 0;
}

/** Locks both topics and those below the one that is deleted. @throws NotFoundError unless both exist */
async function lockTopics(tx: Queryable, { from, into }: Merge): Promise<void> {
  const rows = await tx.query<[id: number]>({
    name: 'topics-merge-lock',
    text: 'SELECT id FROM topic WHERE id IN ($1, $2) OR parent_id = $1 ORDER BY id FOR UPDATE',
    values: [from, into],
  });
  const ids = rows.map(([id]) => id);
  if (!ids.includes(from) || !ids.includes(into)) throw noSuchTopic();
}

async function moveChildren(tx: Queryable, { from, into }: Merge): Promise<void> {
  // Otherwise the topics between both would be below one that is below them.
  if (await isBelowOrSame(tx, { topic: into, above: from }))
    await tx.query({
      name: 'topic-merge-place',
      // In a circle that somebody has written into the database, each is above the other.
      text: 'UPDATE topic SET parent_id = (SELECT nullif(parent_id, $2) FROM topic WHERE id = $1) WHERE id = $2',
      values: [from, into],
    });
  await tx.query({
    name: 'topic-merge-children',
    text: 'UPDATE topic SET parent_id = $2 WHERE parent_id = $1 AND id <> $2',
    values: [from, into],
  });
}

/** An article about both topics keeps the first of both places. Triggers count the articles. */
async function moveArticles(tx: Queryable, { from, into }: Merge): Promise<void> {
  await tx.query({
    name: 'topic-merge-positions',
    text: `UPDATE article_topic kept SET position = least(kept.position, gone.position)
      FROM article_topic gone WHERE gone.topic_id = $1 AND kept.topic_id = $2 AND kept.article_id = gone.article_id`,
    values: [from, into],
  });
  await tx.query({
    name: 'topic-merge-duplicates',
    text: `DELETE FROM article_topic gone USING article_topic kept
      WHERE gone.topic_id = $1 AND kept.topic_id = $2 AND kept.article_id = gone.article_id`,
    values: [from, into],
  });
  await tx.query({
    name: 'topic-merge-articles',
    text: 'UPDATE article_topic SET topic_id = $2 WHERE topic_id = $1',
    values: [from, into],
  });
}

/** The slugs and addresses of the deleted topic find the other one, and a repeated import finds it by them, too. */
async function moveSlugs(tx: Queryable, { from, into }: Merge): Promise<void> {
  await tx.query({
    name: 'topic-merge-former-slugs',
    text: 'UPDATE former_topic_slug SET topic_id = $2 WHERE topic_id = $1',
    values: [from, into],
  });
  await tx.query({
    name: 'topic-merge-slug',
    text: 'INSERT INTO former_topic_slug (slug, topic_id) SELECT slug, $2 FROM topic WHERE id = $1',
    values: [from, into],
  });
  await tx.query({
    name: 'topic-merge-addresses',
    text: 'UPDATE topic_address SET topic_id = $2 WHERE topic_id = $1',
    values: [from, into],
  });
  await tx.query({
    name: 'topic-merge-provenance',
    text: "UPDATE provenance SET entity_id = $2 WHERE kind = 'topic' AND entity_id = $1",
    values: [from, into],
  });
}
