import type { Queryable } from '../context.ts';
import { ConflictError } from '../errors.ts';

// Present and former slugs of topics. Whoever changes one holds the lock of slugs, so no slug is a present and a former one.

/** SQL of the id of the topic that has a slug, or had it before; NULL for none. @param slug SQL of the slug */
export function topicIdOfSlug(slug: string): string {
  return `coalesce((SELECT id FROM topic WHERE slug = ${slug}), (SELECT topic_id FROM former_topic_slug WHERE slug = ${slug}))`;
}

/**
 * The slugs that lead to a topic other than this one, as its present or a former slug.
 * @param exceptId null for a new topic
 */
export async function slugsTakenByTopics(
  tx: Queryable,
  slugs: readonly string[],
  exceptId: number | null,
): Promise<string[]> {
  const rows = await tx.query<[slug: string]>({
    name: 'topic-slugs-taken',
    text: `SELECT slug FROM topic WHERE slug = ANY($1) AND id IS DISTINCT FROM $2
      UNION SELECT slug FROM former_topic_slug WHERE slug = ANY($1) AND topic_id IS DISTINCT FROM $2`,
    values: [slugs, exceptId],
  });
  return rows.map(([slug]) => slug);
}

/**
 * Checks that a topic may take a slug, which may be a former one of its own.
 * @throws ConflictError for a present or former slug of another topic: links must keep their target
 */
export async function claimTopicSlug(tx: Queryable, slug: string, id: number): Promise<void> {
  if ((await slugsTakenByTopics(tx, [slug], id)).length > 0)
    throw new ConflictError(`The slug \`${slug}\` belongs to another topic, now or from before.`);
}

/** Keeps a slug as a former one that finds a topic, which takes another one. That one is former no longer. */
export async function keepFormerTopicSlug(
  tx: Queryable,
  change: { id: number; from: string; to: string },
): Promise<void> {
  await tx.query({
    name: 'former-topic-slug-keep',
    text: `WITH back AS (DELETE FROM former_topic_slug WHERE slug = $3)
      INSERT INTO former_topic_slug (slug, topic_id) VALUES ($2, $1)
      ON CONFLICT (slug) DO UPDATE SET topic_id = EXCLUDED.topic_id, created_at = EXCLUDED.created_at`,
    values: [change.id, change.from, change.to],
  });
}
