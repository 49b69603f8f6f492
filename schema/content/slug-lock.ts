import type { Queryable } from './context.ts';

/** The key of the advisory lock: "slug" in ASCII, as a number. */
const SLUG_LOCK = 0x736c7567;

/**
 * Only one transaction at a time gives out slugs: two articles of one title saved at once get two slugs, and a topic that
 * two articles name first is created once. Lock the article's row before.
 */
export async function lockSlugs(tx: Queryable): Promise<void> {
  await tx.query({ name: 'slug-lock', text: 'SELECT pg_advisory_xact_lock($1)::text', values: [SLUG_LOCK] });
}
