import type { Queryable } from '../context.ts';
import { ConflictError } from '../errors.ts';
import { queryRow } from '../query.ts';
import { findFreeSlug, slugOf } from '../text/slug.ts';

/** Names the advisory lock below: "slug" in ASCII, as a number. */
const NAMING_LOCK = 0x736c7567;

/**
 * Whoever gives out slugs does so alone until the commit: two articles of one title saved at once get two slugs, and a
 * topic that two name first is made once. Taken after the article's row.
 */
export async function lockSlugs(tx: Queryable): Promise<void> {
  await tx.query({ name: 'naming-lock', text: 'SELECT pg_advisory_xact_lock($1)::text', values: [NAMING_LOCK] });
}

/** Of these slugs, the ones that lead to an article other than this one, now or from before. */
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

/** The slug of a new article: made of its title. */
export function slugFromTitle(tx: Queryable, title: string): Promise<string> {
  return findFreeSlug(slugOf(title), (slugs) => slugsTakenByArticles(tx, slugs, null));
}

/**
 * @param id the article that wants it; it may have had it before
 * @throws ConflictError when it leads to another article, now or from before: links must keep leading where they did
 */
export async function claimSlug(tx: Queryable, slug: string, id: number | null): Promise<void> {
  if ((await slugsTakenByArticles(tx, [slug], id)).length > 0)
    throw new ConflictError(`The slug \`${slug}\` belongs to another article, now or from before.`);
}

/** Lets a slug that an article gives up go on finding it, and the one it takes be no former one. */
export async function keepFormerSlug(tx: Queryable, change: { id: number; from: string; to: string }): Promise<void> {
  await tx.query({
    name: 'former-slug-keep',
    text: `WITH back AS (DELETE FROM former_slug WHERE slug = $3)
      INSERT INTO former_slug (slug, article_id) VALUES ($2, $1)
      ON CONFLICT (slug) DO UPDATE SET article_id = EXCLUDED.article_id, created_at = EXCLUDED.created_at`,
    values: [change.id, change.from, change.to],
  });
}

/** The topics with these names or slugs, in their order, each once; those that are not there yet are made. */
export async function findOrCreateTopics(tx: Queryable, names: readonly string[]): Promise<number[]> {
  const ids: number[] = [];
  for (const name of names) ids.push((await findTopicByName(tx, name)) ?? (await createTopic(tx, name)));
  return [...new Set(ids)];
}

async function findTopicByName(tx: Queryable, name: string): Promise<number | null> {
  const [row] = await tx.query<[id: number]>({
    name: 'topic-named',
    text: `SELECT id FROM topic WHERE lower(name) = lower($1) OR slug = lower($1)
      ORDER BY name = $1 DESC, slug = lower($1) DESC, id LIMIT 1`,
    values: [name],
  });
  return row ? row[0] : null;
}

async function createTopic(tx: Queryable, name: string): Promise<number> {
  // C, C# and C++ are three topics whose names make one slug.
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
