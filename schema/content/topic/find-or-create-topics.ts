import type { Queryable } from '../context.ts';
import { queryRow } from '../query.ts';
import { findFreeSlug, slugOf } from '../text/slug.ts';

/**
 * The ids of the topics with these names or slugs, in the same order, each once. Topics that do not exist are created.
 * Call it under the lock of slugs.
 */
export async function findOrCreateTopics(tx: Queryable, names: readonly string[]): Promise<number[]> {
  const ids: number[] = [];
  for (const name of names) ids.push((await findTopicByName(tx, name)) ?? (await createTopic(tx, name)));
  return [...new Set(ids)];
}

async function findTopicByName(tx: Queryable, name: string): Promise<number | null> {
  const [row] = await tx.query<[id: number]>({
    name: 'topic-by-name',
    text: `SELECT id FROM topic WHERE lower(name) = lower($1) OR slug = lower($1)
      ORDER BY name = $1 DESC, slug = lower($1) DESC, id LIMIT 1`,
    values: [name],
  });
  return row ? row[0] : null;
}

async function createTopic(tx: Queryable, name: string): Promise<number> {
  // C, C# and C++ are three topics whose names give the same slug.
  const slug = await findFreeSlug(slugOf(name), async (slugs) => {
    const rows = await tx.query<[slug: string]>({
      name: 'topic-slugs-taken',
      text: 'SELECT slug FROM topic WHERE slug = ANY($1)',
      values: [slugs],
    });
    return rows.map(([taken]) => taken);
  });
  const [id] = await queryRow<[id: number]>(tx, {
    name: 'topic-insert',
    text: 'INSERT INTO topic (slug, name) VALUES ($1, $2) RETURNING id',
    values: [slug, name],
  });
  return id;
}
