import type pg from 'pg';
import { uniqueSlug } from '../../schema/content/text/slug.ts';

/**
 * The slug wanted, or the first free one of those with a number.
 *
 * @param taken a statement that answers with a row when its first parameter, a slug, is not free.
 */
export async function freeSlug(
  client: pg.ClientBase,
  wanted: string,
  taken: { sql: string; values: unknown[] },
): Promise<string> {
  const tried = new Set<string>();
  for (;;) {
    const slug = uniqueSlug(wanted, (candidate) => tried.has(candidate));
    const holder = await client.query(taken.sql, [slug, ...taken.values]);
    if (holder.rowCount === 0) return slug;
    tried.add(slug);
  }
}
