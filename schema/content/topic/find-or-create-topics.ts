import type { Queryable } from '../context.ts';
import { queryRow } from '../query.ts';
import { findFreeSlug, slugOf } from '../text/slug.ts';
import { slugsTakenByTopics } from './topic-slug.ts';

/**
 * The ids of the topics with these names, slugs or former slugs, in the same order, each once. Topics that do not exist are created.
 * Call it under the lock of slugs.
 */
export async function findOrCreateTopics(tx: Queryable, names: readonly string[]): Promise<number[]> {
  const ids: number[] = [];
  for (const name of names) ids.push((await findTopicByName(tx, name)) ?? (await createTopic(tx, name)));
  return [...new Set(ids)];
}

async function findTopicByName(tx: Queryable, name: string): Promise<number | null> {
  // The slug also finds a topic by the name that it, or one that was merged into it, had before. Other scripts have no slugs of their own.
  const slug = /^[\w\s-]+$/.test(name) ? slugOf(name) : name.toLowerCase();
  const rows = await tx.query<[id: number, found: string, isNamed: boolean]>({
    name: 'topic-by-name',
    text: `SELECT id, name, lower(name) = lower($1) FROM topic WHERE lower(name) = lower($1) OR slug = $2
        OR id = (SELECT topic_id FROM former_topic_slug WHERE slug = $2)
      ORDER BY name = $1 DESC, slug = $1 DESC, lower(name) = lower($1) DESC, slug = $2 DESC, id`,
    values: [name, slug],
  });
  // C is not the slug of C++, which is `c`, but the name of another topic.
  const topic = rows.find(([, found, isNamed]) => isNamed || name === slug || symbolsOf(found) === symbolsOf(name));
  return topic?.[0] ?? null;
}

/** The characters of a name that its slug loses. */
function symbolsOf(name: string): string {
  return name.replace(/[\p{L}\p{N}\p{M}\s_-]/gu, '');
}

async function createTopic(tx: Queryable, name: string): Promise<number> {
  // C, C# and C++ are three topics whose names give the same slug.
  const slug = await findFreeSlug(slugOf(name), (slugs) => slugsTakenByTopics(tx, slugs, null));
  const [id] = await queryRow<[id: number]>(tx, {
    name: 'topic-insert',
    text: 'INSERT INTO topic (slug, name) VALUES ($1, $2) RETURNING id',
    values: [slug, name],
  });
  return id;
}
