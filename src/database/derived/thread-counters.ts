import type pg from 'pg';

/**
 * Fills `thread_subtree` with the readable replies and descendants of each comment that has any. Sums are carried up
 * level by level, since a recursive query cannot aggregate.
 */
export async function computeSubtreeCounts(client: pg.ClientBase): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE thread_subtree (id int PRIMARY KEY, reply_count int, descendant_count int) ON COMMIT DROP`);
  const { rows } = await client.query<{ deepest: number | null }>('SELECT max(depth) AS deepest FROM thread_place');
  for (let depth = rows[0]!.deepest ?? 0; depth > 0; depth--) {
    await client.query(
      `
      INSERT INTO thread_subtree
      SELECT parent_id, count(*) FILTER (WHERE readable), sum(readable::int + below)
        FROM (SELECT parent_id, readable,
                     coalesce((SELECT descendant_count FROM thread_subtree t WHERE t.id = p.id), 0) AS below
                FROM thread_place p WHERE depth = $1) level
       GROUP BY parent_id HAVING sum(readable::int + below) > 0`,
      [depth],
    );
  }
}

/** Fills `thread_discussion` with the counters of each article. */
export async function computeArticleCounters(client: pg.ClientBase): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE thread_discussion ON COMMIT DROP AS
    WITH readable AS (
      SELECT article_id, count(*)::int AS comment_count, max(created_at) AS discussed_at
        FROM thread_place WHERE readable GROUP BY 1
    ), used AS (
      SELECT article_id, max(ordinal) + 1 AS next_ordinal FROM thread_ordinal WHERE container_id IS NULL GROUP BY 1
    )
    SELECT article.id, coalesce(r.comment_count, 0) AS comment_count, coalesce(r.discussed_at, 'epoch') AS discussed_at,
           greatest(article.next_ordinal, u.next_ordinal) AS next_ordinal
      FROM article
      JOIN thread_article USING (id)
      LEFT JOIN readable r ON r.article_id = article.id
      LEFT JOIN used u ON u.article_id = article.id`);
}

/** Fills `thread_author` with the counter of each author of these discussions, or of every author. */
export async function computeAuthorCounters(client: pg.ClientBase, everyAuthor: boolean): Promise<void> {
  await client.query('CREATE TEMP TABLE thread_author (id int, comment_count int) ON COMMIT DROP');
  await client.query(
    `
    INSERT INTO thread_author
    WITH selected AS (
      SELECT id FROM author WHERE $1 OR id IN (SELECT author_id FROM thread_place)
    ), readable AS (
      SELECT author_id FROM thread_place WHERE readable
      UNION ALL
      -- Comments of these authors on other articles are counted as they are stored.
      SELECT author_id FROM comment
       WHERE NOT $1 AND visible AND status = 'VISIBLE'
         AND author_id IN (SELECT id FROM selected) AND article_id NOT IN (SELECT id FROM thread_article)
    )
    SELECT selected.id, count(readable.author_id) FROM selected LEFT JOIN readable ON author_id = selected.id GROUP BY 1`,
    [everyAuthor],
  );
}
