import type { Queryable } from '../context.ts';
import { ConflictError } from '../errors.ts';
import { findFreeSlug, slugOf } from '../text/slug.ts';

// Present and former slugs of articles. Every caller holds the lock of slugs.

/** The slugs that lead to an article other than this one, as its present or a former slug. */
async function slugsTakenByArticles(
  tx: Queryable,
  slugs: readonly string[],
  exceptId: number | null,
): Promise<string[]> {
  const rows = await tx.query<[slug: string]>({
    name: 'slugs-taken',
    text: `SELECT slug FROM article WHERE slug = ANY($1) AND id IS DISTINCT FROM $2
      UNION SELECT slug FROM former_slug WHERE slug = ANY($1) AND article_id IS DISTINCT FROM $2`,
    values: [slugs, exceptId],
  });
  return rows.map(([slug]) => slug);
}

/** A free slug made from a new article's title. */
export function slugFromTitle(tx: Queryable, title: string): Promise<string> {
  return findFreeSlug(slugOf(title), (slugs) => slugsTakenByArticles(tx, slugs, null));
}

/**
 * Checks that an article may take a slug, which may be a former one of its own.
 * @param id null for a new article
 * @throws ConflictError for a present or former slug of another article: links must keep their target
 */
export async function claimSlug(tx: Queryable, slug: string, id: number | null): Promise<void> {
  if ((await slugsTakenByArticles(tx, [slug], id)).length > 0)
    throw new ConflictError(`The slug \`${slug}\` belongs to another article, now or from before.`);
}

/** Keeps the slug that an article gives up as a former one that still finds it. The one it takes is former no longer. */
export async function keepFormerSlug(tx: Queryable, change: { id: number; from: string; to: string }): Promise<void> {
  await tx.query({
    name: 'former-slug-keep',
    text: `WITH back AS (DELETE FROM former_slug WHERE slug = $3)
      INSERT INTO former_slug (slug, article_id) VALUES ($2, $1)
      ON CONFLICT (slug) DO UPDATE SET article_id = EXCLUDED.article_id, created_at = EXCLUDED.created_at`,
    values: [change.id, change.from, change.to],
  });
}
