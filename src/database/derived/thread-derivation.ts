// Computes the derived columns of threads from the comments themselves, into temporary tables.
//
// Every step is linear in the number of comments. A recursive query finds each next level by index, row by row (LATERAL
// with OFFSET 0): otherwise the planner may read the whole table once per level, a thousand times for a thousand levels.
import type pg from 'pg';
import { computeArticleCounters, computeAuthorCounters, computeSubtreeCounts } from './thread-counters.ts';
import { computeOrdinals, computePlaces } from './thread-places.ts';

/** Selects the articles to compute, or all, into `thread_article`. */
export async function selectArticles(client: pg.ClientBase, articleIds: readonly number[] | undefined): Promise<void> {
  await client.query('CREATE TEMP TABLE thread_article (id int PRIMARY KEY) ON COMMIT DROP');
  await client.query('INSERT INTO thread_article SELECT id FROM article WHERE $1::int[] IS NULL OR id = ANY ($1)', [
    articleIds ?? null,
  ]);
  await client.query('ANALYZE thread_article');
}

interface ThreadOptions {
  /** Also of those who wrote none of the comments. */
  everyAuthor: boolean;
  /** The table with the comments; it has the columns of `comment`. @default "comment" */
  comments?: string;
}

/** Fills `thread_comment`, `thread_discussion` and `thread_author` with the computed columns. */
export async function computeThreads(
  client: pg.ClientBase,
  { everyAuthor, comments = 'comment' }: ThreadOptions,
): Promise<void> {
  await computePlaces(client, comments);
  await computeSubtreeCounts(client);
  await computeOrdinals(client);
  await client.query(`
    CREATE TEMP TABLE thread_comment (
      id int, path int[], depth int, visible boolean, reply_count int, descendant_count int, score int, next_ordinal int
    ) ON COMMIT DROP`);
  await client.query(`
    WITH RECURSIVE walk AS (
      SELECT id, ARRAY[ordinal] AS path FROM thread_ordinal WHERE container_id IS NULL
      UNION ALL
      SELECT below.id, walk.path || below.ordinal
        FROM walk CROSS JOIN LATERAL (
          SELECT id, ordinal FROM thread_ordinal o WHERE o.container_id = walk.id OFFSET 0
        ) below
    ), used AS (
      SELECT container_id AS id, max(ordinal) + 1 AS next_ordinal
        FROM thread_ordinal WHERE container_id IS NOT NULL GROUP BY 1
    )
    INSERT INTO thread_comment
    SELECT p.id, walk.path, p.depth,
           p.readable OR (NOT p.hidden AND coalesce(s.descendant_count, 0) > 0),
           coalesce(s.reply_count, 0), coalesce(s.descendant_count, 0),
           p.reactions + coalesce(s.reply_count, 0),
           greatest(p.next_ordinal, used.next_ordinal)
      FROM thread_place p
      JOIN walk USING (id)
      LEFT JOIN thread_subtree s USING (id)
      LEFT JOIN used USING (id)`);
  await client.query('CREATE UNIQUE INDEX ON thread_comment (id); ANALYZE thread_comment');
  await computeArticleCounters(client);
  await computeAuthorCounters(client, everyAuthor);
}

/** Drops the temporary tables, so that threads can be computed again in the same transaction. A rollback drops them too. */
export async function dropThreadTables(client: pg.ClientBase): Promise<void> {
  await client.query(`
    DROP TABLE thread_article, thread_place, thread_subtree, thread_ordinal, thread_comment, thread_author,
               thread_discussion`);
}
