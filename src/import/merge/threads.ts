import { countReason, type MergeContext } from './merge-context.ts';

/**
 * Finds the article of each thread: what the operator's table says, else the article that was served under the thread's path,
 * else the post that its address names by its id, else the article with the slug that ends its path. The threads' comments then
 * belong to it as if it were of this file; the article itself is not changed, so it has no outcome.
 */
export async function matchThreads(context: MergeContext): Promise<void> {
  const { client, report, threadMap } = context;
  await client.query('CREATE TEMP TABLE merge_thread_map (address text, article text)');
  await client.query('INSERT INTO merge_thread_map SELECT * FROM unnest($1::text[], $2::text[])', [
    threadMap?.mapped().map(([address]) => address) ?? [],
    threadMap?.mapped().map(([, article]) => article) ?? [],
  ]);
  await client.query(`
    CREATE TEMP TABLE merge_thread AS
    SELECT item, line, external_id, title, address, matched.id, left_out, matched.by_slug
      FROM staged_thread t
      CROSS JOIN LATERAL (SELECT coalesce(
        (SELECT article = '-' FROM merge_thread_map m WHERE m.address = t.address), false) AS left_out) operator
      LEFT JOIN LATERAL (${CANDIDATES} ORDER BY preference, place LIMIT 1) matched ON NOT left_out`);
  await client.query(`
    INSERT INTO merge_article (line, item, external_id, id, kept)
    SELECT line, item, external_id, id, '{}' FROM merge_thread
     WHERE id IS NOT NULL`);
  await reportThreads(context);
  if (threadMap) await addUnmatched({ client, threadMap });
  report.addSkippedReason(
    'comments',
    await countReason(
      client,
      'belongs to a page that matches no article; --map writes a table of them',
      `${COMMENTS} WHERE t.id IS NULL AND NOT t.left_out`,
    ),
  );
}

/** Articles of a thread `t`, the best first. */
const CANDIDATES = `
  SELECT a.id, 1 AS preference, 0 AS place, false AS by_slug
    FROM merge_thread_map m JOIN article a ON a.slug = m.article WHERE m.address = t.address
  UNION ALL
  SELECT f.article_id, 2, 0, false FROM merge_thread_map m JOIN former_slug f ON f.slug = m.article WHERE m.address = t.address
  UNION ALL
  SELECT d.article_id, 3, p.place, false
    FROM unnest(t.paths) WITH ORDINALITY p (path, place) JOIN article_address d USING (path)
  UNION ALL
  SELECT a.id, 4, p.place, false FROM unnest(t.post_ids) WITH ORDINALITY p (post_id, place)
    JOIN provenance v ON v.kind = 'article' AND v.external_id = p.post_id AND v.source LIKE 'wordpress:%'
    JOIN article a ON a.id = v.entity_id
  UNION ALL
  SELECT a.id, 5, s.place, true FROM unnest(t.slugs) WITH ORDINALITY s (slug, place) JOIN article a USING (slug)
  UNION ALL
  SELECT f.article_id, 6, s.place, true FROM unnest(t.slugs) WITH ORDINALITY s (slug, place) JOIN former_slug f USING (slug)`;

const COMMENTS = `
  SELECT c.external_id AS id, c.name || ', ' || t.address AS title, c.line
    FROM staged_comment c JOIN merge_thread t USING (item)`;

async function reportThreads({ client, report }: MergeContext): Promise<void> {
  report.addSkippedReason(
    'comments',
    await countReason(client, 'belongs to a page that the table leaves out', `${COMMENTS} WHERE t.left_out`),
  );
  // The article may have another path, such as /docs/start instead of /blog/start: worth a look.
  const bySlug = `
    SELECT t.address AS id, a.slug AS title, t.line FROM merge_thread t JOIN article a USING (id)
     WHERE t.by_slug AND EXISTS (SELECT FROM staged_comment c WHERE c.item = t.item)`;
  report.addNoteReason(
    await countReason(client, 'page was matched to an article by the last part of its address alone', bySlug),
  );
  const wrong = `
    SELECT m.article AS id, m.address AS title, 0 AS line FROM merge_thread_map m
     WHERE m.article <> '-' AND NOT EXISTS (SELECT FROM article a WHERE a.slug = m.article)
       AND NOT EXISTS (SELECT FROM former_slug f WHERE f.slug = m.article)`;
  report.addNoteReason(await countReason(client, 'article that the table names does not exist', wrong));
}

async function addUnmatched({
  client,
  threadMap,
}: Pick<MergeContext, 'client'> & { threadMap: NonNullable<MergeContext['threadMap']> }): Promise<void> {
  const unmatched = await client.query<{ address: string; title: string; comments: number }>(`
    SELECT t.address, min(t.title) AS title, count(*)::int AS comments
      FROM merge_thread t JOIN staged_comment c USING (item)
     WHERE t.id IS NULL AND NOT t.left_out GROUP BY t.address ORDER BY comments DESC, t.address`);
  for (const thread of unmatched.rows) threadMap.addUnmatched(thread);
}
