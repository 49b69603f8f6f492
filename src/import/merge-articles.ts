import { findFreeSlug } from '../../schema/content/text/slug.ts';
import { found, type Merge, outcomesOf, remember } from './merge-job.ts';

/** Decides which posts are new, changed or as they were, with the pictures that are their covers. */
export async function matchArticles({ client, source, tally }: Merge): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE merge_image ON COMMIT DROP AS
    SELECT DISTINCT ON (external_id) * FROM staged_image ORDER BY external_id, place`);
  await client.query('CREATE UNIQUE INDEX ON merge_image (external_id); ANALYZE merge_image');
  await client.query(`
    CREATE TEMP TABLE merge_article (
      line int, item int PRIMARY KEY, external_id text, slug text, digest text, id int, old_slug text, outcome text
    ) ON COMMIT DROP`);
  await client.query(
    `
    INSERT INTO merge_article
    SELECT s.line, s.item, s.external_id, s.slug, s.digest, a.id, a.slug,
           CASE WHEN a.id IS NULL THEN 'made' WHEN p.digest <> s.digest THEN 'updated' ELSE 'unchanged' END
      FROM (
        SELECT DISTINCT ON (s.external_id) s.line, s.item, s.external_id, s.slug,
               CASE WHEN i.external_id IS NULL THEN s.digest
                    ELSE encode(sha256(convert_to(
                      s.digest || json_build_array(i.url, i.alt, i.caption, i.width, i.height), 'UTF8')), 'hex')
               END AS digest
          FROM staged_article s LEFT JOIN merge_image i ON i.external_id = s.thumbnail_id
         ORDER BY s.external_id, s.item
      ) s
      LEFT JOIN provenance p ON p.source = $1 AND p.kind = 'article' AND p.external_id = s.external_id
      LEFT JOIN article a ON a.id = p.entity_id`,
    [source],
  );
  // In order of publication, so that ids read as they would have been given.
  await client.query(`
    UPDATE merge_article m SET id = nextval('article_id_seq')
      FROM (SELECT item FROM staged_article ORDER BY created_at, item) s
     WHERE s.item = m.item AND m.outcome = 'made'`);
  await client.query('CREATE INDEX ON merge_article (id); CREATE INDEX ON merge_article (slug); ANALYZE merge_article');
  const twice = `
    SELECT external_id AS id, title, line FROM staged_article s
     WHERE NOT EXISTS (SELECT FROM merge_article m WHERE m.item = s.item)`;
  tally.skipMany('articles', await found(client, 'has the number of another one before it', twice));
}

/** Writes articles with their topics and former slugs. */
export async function writeArticles(job: Merge): Promise<void> {
  const { client, tally } = job;
  await findSlugs(job);
  await client.query(`
    INSERT INTO article (
      id, slug, title, excerpt, body_source, body_format, body_html, body_text, reading_minutes, cover_url, cover_alt,
      cover_caption, cover_width, cover_height, status, published_at, created_at, updated_at, author_id, comment_policy)
    SELECT m.id, m.slug, s.title, s.excerpt, s.body_source, 'HTML', s.body_html, s.body_text, s.reading_minutes,
           i.url, i.alt, i.caption, i.width, i.height, s.status, ${PUBLISHED_AT},
           coalesce(s.created_at, CURRENT_TIMESTAMP), coalesce(s.modified_at, s.created_at, CURRENT_TIMESTAMP),
           author.id, s.comment_policy
      FROM merge_article m
      JOIN staged_article s USING (item)
      JOIN merge_author author ON author.external_id = s.login
      LEFT JOIN merge_image i ON i.external_id = s.thumbnail_id
     WHERE m.outcome = 'made'
     ORDER BY m.id`);
  await client.query(`
    UPDATE article a
       SET slug = m.slug, title = s.title, excerpt = s.excerpt, body_source = s.body_source, body_format = 'HTML',
           body_html = s.body_html, body_text = s.body_text, reading_minutes = s.reading_minutes,
           cover_url = i.url, cover_alt = i.alt, cover_caption = i.caption, cover_width = i.width,
           cover_height = i.height, status = s.status, published_at = ${PUBLISHED_AT},
           updated_at = greatest(a.updated_at, coalesce(s.modified_at, CURRENT_TIMESTAMP)), version = a.version + 1,
           author_id = author.id, comment_policy = s.comment_policy
      FROM merge_article m
      JOIN staged_article s USING (item)
      JOIN merge_author author ON author.external_id = s.login
      LEFT JOIN merge_image i ON i.external_id = s.thumbnail_id
     WHERE m.id = a.id AND m.outcome = 'updated'`);
  await writeTopicsOfArticles(job);
  await writeFormerSlugs(job);
  await remember(job, 'article', 'merge_article');
  tally.outcome('articles', await outcomesOf(client, 'merge_article'));
  await countCovers(job);
}

/** What is public has a date, also if the file has none. */
const PUBLISHED_AT = `CASE WHEN s.status <> 'DRAFT' THEN coalesce(s.published_at, CURRENT_TIMESTAMP) END`;

/** Of the slugs $1, those that an article other than $2 has, had or is about to get. */
const TAKEN_SLUGS = `
  SELECT slug FROM article WHERE slug = ANY ($1) AND id <> $2
  UNION ALL SELECT slug FROM former_slug WHERE slug = ANY ($1) AND article_id <> $2
  UNION ALL SELECT slug FROM merge_article WHERE slug = ANY ($1) AND id <> $2 AND outcome <> 'unchanged' AND settled`;

/** A slug stays with the article that has it, or had it; others get a number. */
async function findSlugs({ client, tally }: Merge): Promise<void> {
  await client.query('ALTER TABLE merge_article ADD settled boolean NOT NULL DEFAULT false');
  await client.query(`
    UPDATE merge_article m SET settled = true
     WHERE outcome <> 'unchanged'
       AND item = (SELECT min(f.item) FROM merge_article f WHERE f.slug = m.slug AND f.outcome <> 'unchanged')
       AND NOT EXISTS (SELECT FROM article WHERE slug = m.slug AND id <> m.id)
       AND NOT EXISTS (SELECT FROM former_slug WHERE slug = m.slug AND article_id <> m.id)`);
  const contested = await client.query<{ item: number; id: number; slug: string; title: string; line: number }>(`
    SELECT item, m.id, m.slug, s.title, m.line FROM merge_article m JOIN staged_article s USING (item)
     WHERE m.outcome <> 'unchanged' AND NOT settled ORDER BY item`);
  for (const { item, id, slug, title, line } of contested.rows) {
    const free = await findFreeSlug(slug, async (candidates) => {
      const taken = await client.query<{ slug: string }>(TAKEN_SLUGS, [candidates, id]);
      return taken.rows.map((row) => row.slug);
    });
    tally.note(`slug ${slug} was taken`, { id: free, title, line });
    await client.query('UPDATE merge_article SET slug = $2, settled = true WHERE item = $1', [item, free]);
  }
}

async function writeTopicsOfArticles({ client }: Merge): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE merge_article_topic ON COMMIT DROP AS
    SELECT m.id AS article_id, t.id AS topic_id, min(named.position)::int - 1 AS position
      FROM merge_article m
      JOIN staged_article s USING (item)
      CROSS JOIN LATERAL unnest(s.topics) WITH ORDINALITY named (slug, position)
      JOIN merge_topic t ON t.external_id = named.slug
     WHERE m.outcome <> 'unchanged'
     GROUP BY 1, 2`);
  await client.query('CREATE UNIQUE INDEX ON merge_article_topic (article_id, topic_id); ANALYZE merge_article_topic');
  await client.query(`
    DELETE FROM article_topic a USING merge_article m
     WHERE m.id = a.article_id AND m.outcome = 'updated'
       AND NOT EXISTS (SELECT FROM merge_article_topic t WHERE (t.article_id, t.topic_id) = (a.article_id, a.topic_id))`);
  await client.query(`
    INSERT INTO article_topic AS a (article_id, topic_id, position)
    SELECT article_id, topic_id, position FROM merge_article_topic ORDER BY article_id, topic_id
    ON CONFLICT (article_id, topic_id) DO UPDATE SET position = EXCLUDED.position
    WHERE a.position <> EXCLUDED.position`);
}

async function writeFormerSlugs({ client, tally }: Merge): Promise<void> {
  await client.query(`
    DELETE FROM former_slug f USING merge_article m
     WHERE f.slug = m.slug AND f.article_id = m.id AND m.outcome <> 'unchanged'`);
  await client.query(`
    CREATE TEMP TABLE merge_former_slug ON COMMIT DROP AS
    SELECT former.slug, m.id AS article_id, s.title, m.line
      FROM merge_article m
      JOIN staged_article s USING (item)
      CROSS JOIN LATERAL (SELECT unnest(s.former_slugs || m.old_slug) AS slug) former
     WHERE m.outcome <> 'unchanged' AND former.slug <> m.slug`);
  await client.query(`
    INSERT INTO former_slug (slug, article_id)
    SELECT DISTINCT ON (slug) slug, article_id FROM merge_former_slug f
     WHERE NOT EXISTS (SELECT FROM article WHERE article.slug = f.slug)
     ORDER BY slug, line
    ON CONFLICT (slug) DO NOTHING`);
  const lost = `
    SELECT m.slug AS id, m.title, m.line FROM merge_former_slug m
     WHERE NOT EXISTS (SELECT FROM former_slug f WHERE f.slug = m.slug AND f.article_id = m.article_id)`;
  tally.noteMany(await found(client, 'former slugs lead to another article already', lost));
}

async function countCovers({ client, tally }: Merge): Promise<void> {
  const covers = `
    (SELECT i.place, min(m.outcome) FILTER (WHERE m.outcome = 'made') AS made, max(m.outcome) AS other
       FROM merge_article m JOIN staged_article s USING (item) JOIN merge_image i ON i.external_id = s.thumbnail_id
      GROUP BY 1)`;
  tally.outcome(
    'attachments',
    await outcomesOf(client, `(SELECT coalesce(made, other) AS outcome FROM ${covers} c) o`),
  );
  const unused = `
    SELECT external_id AS id, title, line FROM staged_image s
     WHERE NOT EXISTS (SELECT FROM ${covers} c WHERE c.place = s.place)`;
  tally.skipMany('attachments', await found(client, 'not the cover of an imported article', unused));
  const missing = `
    SELECT s.external_id AS id, s.title, s.line FROM staged_article s JOIN merge_article m USING (item)
     WHERE s.thumbnail_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM merge_image i WHERE i.external_id = s.thumbnail_id)`;
  tally.noteMany(await found(client, 'has a cover that the file does not contain', missing));
}
