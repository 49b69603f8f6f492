import { findFreeSlug } from '../../../schema/content/text/slug.ts';
import { IN_BATCH } from './batches.ts';
import { countReason, type MergeContext } from './merge-context.ts';

/** Of the slugs $1, those that an article other than $2 has, had or will get from this import. */
const TAKEN_SLUGS = `
  SELECT slug FROM article WHERE slug = ANY ($1) AND id <> $2
  UNION ALL SELECT slug FROM former_slug WHERE slug = ANY ($1) AND article_id <> $2
  UNION ALL SELECT slug FROM merge_article WHERE slug = ANY ($1) AND id <> $2 AND outcome <> 'unchanged' AND has_slug`;

/** Gives every new or changed article a free slug: a slug stays with the article that has it or had it. */
export async function assignSlugs({ client, report }: MergeContext): Promise<void> {
  await client.query('ALTER TABLE merge_article ADD has_slug boolean NOT NULL DEFAULT false');
  await client.query(`
    UPDATE merge_article m SET has_slug = true
     WHERE outcome <> 'unchanged'
       AND item = (SELECT min(f.item) FROM merge_article f WHERE f.slug = m.slug AND f.outcome <> 'unchanged')
       AND NOT EXISTS (SELECT FROM article WHERE slug = m.slug AND id <> m.id)
       AND NOT EXISTS (SELECT FROM former_slug WHERE slug = m.slug AND article_id <> m.id)`);
  const conflicts = await client.query<{ item: number; id: number; slug: string; title: string; line: number }>(`
    SELECT item, m.id, m.slug, s.title, m.line FROM merge_article m JOIN staged_article s USING (item)
     WHERE m.outcome <> 'unchanged' AND NOT has_slug ORDER BY item`);
  for (const { item, id, slug, title, line } of conflicts.rows) {
    const free = await findFreeSlug(slug, async (candidates) => {
      const taken = await client.query<{ slug: string }>(TAKEN_SLUGS, [candidates, id]);
      return taken.rows.map((row) => row.slug);
    });
    report.addNote('slug was taken; a number was added', { id: free, title, line });
    await client.query('UPDATE merge_article SET slug = $2, has_slug = true WHERE item = $1', [item, free]);
  }
}

/** Finds the slugs that the new and changed articles had before. */
export async function findFormerSlugs({ client }: MergeContext): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE merge_former_slug AS
    SELECT former.slug, m.id AS article_id, s.title, m.line
      FROM merge_article m
      JOIN staged_article s USING (item)
      CROSS JOIN LATERAL (SELECT unnest(s.former_slugs || m.old_slug) AS slug) former
     WHERE m.outcome <> 'unchanged' AND former.slug <> m.slug`);
  await client.query('CREATE INDEX ON merge_former_slug (article_id); ANALYZE merge_former_slug');
}

/** Keeps the former slugs of the articles of the batch, so that old links still find them. */
export async function writeFormerSlugs({ client }: MergeContext): Promise<void> {
  await client.query(`
    DELETE FROM former_slug f USING merge_article m
     WHERE f.slug = m.slug AND f.article_id = m.id AND m.outcome <> 'unchanged' AND ${IN_BATCH}`);
  await client.query(`
    INSERT INTO former_slug (slug, article_id)
    SELECT DISTINCT ON (f.slug) f.slug, f.article_id FROM merge_former_slug f JOIN merge_article m ON m.id = f.article_id
     WHERE ${IN_BATCH} AND m.outcome <> 'unchanged' AND NOT EXISTS (SELECT FROM article WHERE article.slug = f.slug)
     ORDER BY f.slug, f.line
    ON CONFLICT (slug) DO NOTHING`);
}

export async function reportFormerSlugs({ client, report }: MergeContext): Promise<void> {
  const conflicts = `
    SELECT m.slug AS id, m.title, m.line FROM merge_former_slug m
     WHERE NOT EXISTS (SELECT FROM former_slug f WHERE f.slug = m.slug AND f.article_id = m.article_id)`;
  report.addNoteReason(
    await countReason(client, 'former slug was not imported: it belongs to another article', conflicts),
  );
}
