import type pg from 'pg';
import { MAX_PATH_LEVELS } from '../../../schema/content/comment/comment-path.ts';

const PLACED_COLUMNS = `id, article_id, parent_id, author_id, status, created_at, next_ordinal,
  (SELECT coalesce(sum(n), 0)::int FROM unnest(reaction_counts) n) AS reactions,
  cardinality(path) AS levels, path[cardinality(path)] AS last`;

/**
 * Fills `thread_place` with every comment of the table that can be reached from its article:
 * - `depth`: the true depth;
 * - `container_id`: the comment whose counter gives the ordinal. This is the parent, or for a reply below the deepest
 *   path level the last ancestor with room for one more level;
 * - `hidden`: it or a comment above it is rejected, spam or pending; `readable`: its body can be read;
 * - `ordinal`: the stored one, null if the path does not have the right length or is a new row's.
 */
export async function computePlaces(client: pg.ClientBase, comments: string): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE thread_place (
      id int, article_id int, parent_id int, container_id int, author_id int, depth int, hidden boolean,
      readable boolean, reactions int, next_ordinal int, created_at timestamptz, ordinal int
    ) ON COMMIT DROP`);
  await client.query(
    `
    WITH RECURSIVE walk AS (
      SELECT c.*, NULL::int AS container_id, 0 AS true_depth, c.status NOT IN ('VISIBLE', 'REMOVED') AS hidden
        FROM (SELECT ${PLACED_COLUMNS} FROM ${comments}) c
       WHERE c.parent_id IS NULL AND c.article_id IN (SELECT id FROM thread_article)
      UNION ALL
      SELECT c.*, CASE WHEN walk.true_depth + 1 < $1 THEN walk.id ELSE walk.container_id END, walk.true_depth + 1,
             walk.hidden OR c.status NOT IN ('VISIBLE', 'REMOVED')
        FROM walk CROSS JOIN LATERAL (
          SELECT ${PLACED_COLUMNS} FROM ${comments} WHERE parent_id = walk.id AND article_id = walk.article_id OFFSET 0
        ) c
    )
    INSERT INTO thread_place
    SELECT id, article_id, parent_id, container_id, author_id, true_depth, hidden, NOT hidden AND status = 'VISIBLE',
           reactions, next_ordinal, created_at,
           CASE WHEN levels = least(true_depth + 1, $1) AND last > 0 THEN last END
      FROM walk`,
    [MAX_PATH_LEVELS],
  );
  await client.query('CREATE UNIQUE INDEX ON thread_place (id); CREATE INDEX ON thread_place (depth)');
  await client.query('ANALYZE thread_place');
}

/** Fills `thread_ordinal`: keeps ordinals that are unique in their container, and gives the others the next free ones. */
export async function computeOrdinals(client: pg.ClientBase): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE thread_ordinal (id int, article_id int, container_id int, ordinal int) ON COMMIT DROP`);
  await client.query(`
    WITH kept AS (
      SELECT p.id, article_id, container_id, created_at,
             CASE WHEN row_number() OVER (PARTITION BY article_id, container_id, ordinal ORDER BY created_at, p.id) = 1
                  THEN ordinal END AS ordinal
        FROM thread_place p
    ), numbered AS (
      SELECT id, article_id, container_id, ordinal,
             max(ordinal) OVER (PARTITION BY article_id, container_id) AS highest,
             row_number() OVER (PARTITION BY article_id, container_id, ordinal IS NULL ORDER BY created_at, id) AS place
        FROM kept
    )
    INSERT INTO thread_ordinal
    SELECT n.id, n.article_id, n.container_id,
           coalesce(n.ordinal,
                    greatest(n.highest, coalesce(container.next_ordinal, article.next_ordinal) - 1, 0) + n.place)
      FROM numbered n
      LEFT JOIN thread_place container ON container.id = n.container_id
      JOIN article ON article.id = n.article_id`);
  await client.query('CREATE INDEX ON thread_ordinal (container_id); ANALYZE thread_ordinal');
}
