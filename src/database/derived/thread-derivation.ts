import type pg from 'pg';
import { MAX_PATH_LEVELS } from '../../../schema/content/comment/path.ts';

/** Rows whose derived columns differ from what the comments themselves say. */
export interface ThreadDifferences {
  comments: number;
  articles: number;
  authors: number;
  /** Comments that no chain of parents connects to their article: a circle, or a parent in another article. */
  unreachable: number;
}

/** One row that differs, with the derived columns as they are stored and as they should be. */
export interface ThreadDifference {
  table: 'comment' | 'article' | 'author';
  id: number;
  stored: Record<string, unknown>;
  computed: Record<string, unknown>;
}

const MAX_EXAMPLES = 10;

// Derived columns by table; the computed rows stand in temporary tables under the same column names.
const DERIVED = {
  comment: ['path', 'depth', 'visible', 'reply_count', 'descendant_count', 'score', 'next_ordinal'],
  article: ['comment_count', 'discussed_at', 'next_ordinal'],
  author: ['comment_count'],
} as const;

type DerivedTable = keyof typeof DERIVED;

/**
 * Recomputes every derived column of the discussions of the given articles, or of all, from (article_id, parent_id,
 * status, created_at, id, reaction_counts), and updates the rows that differ. Runs inside the caller's READ COMMITTED
 * transaction and keeps its locks until that ends: articles, then authors, each in order of id. Readers do not wait.
 *
 * Ordinals that exist are kept. A row is inserted unplaced, with the path `ARRAY[-id]`: ordinals start at 1, so a
 * negative one is free, and unique in its article. It gets the next ordinal below its parent, in order of
 * (created_at, id).
 *
 * @returns how many rows of each kind were put right; unreachable comments are counted and left alone.
 */
export async function rebuildThreads(
  client: pg.ClientBase,
  articleIds?: readonly number[],
): Promise<ThreadDifferences> {
  await chooseArticles(client, articleIds);
  await client.query(`SELECT FROM article WHERE id IN (SELECT id FROM thread_article) ORDER BY id FOR NO KEY UPDATE`);
  await client.query(
    `
    SELECT FROM author
     WHERE $1 OR id IN (SELECT author_id FROM comment WHERE article_id IN (SELECT id FROM thread_article))
     ORDER BY id FOR NO KEY UPDATE`,
    [articleIds === undefined],
  );
  await computeThreads(client, articleIds === undefined);
  // Paths are unique at every moment, so a row that is about to move first lets go of its old place.
  await client.query(`
    UPDATE comment SET path = ARRAY[-comment.id] FROM thread_comment t
     WHERE t.id = comment.id AND comment.path <> t.path AND comment.path <> ARRAY[-comment.id]`);
  const differences = {
    comments: await putRight(client, 'comment'),
    articles: await putRight(client, 'article'),
    authors: await putRight(client, 'author'),
    unreachable: await unreachable(client),
  };
  await discard(client);
  return differences;
}

/**
 * Compares the derived columns of the discussions of the given articles, or of all, with what they should be, and
 * changes nothing. Runs inside the caller's transaction: REPEATABLE READ, if comments may arrive meanwhile.
 *
 * @returns how many rows differ, with the first few of each kind.
 */
export async function checkThreads(
  client: pg.ClientBase,
  articleIds?: readonly number[],
): Promise<ThreadDifferences & { examples: ThreadDifference[] }> {
  await chooseArticles(client, articleIds);
  await computeThreads(client, articleIds === undefined);
  const found = {
    comments: await countDifferent(client, 'comment'),
    articles: await countDifferent(client, 'article'),
    authors: await countDifferent(client, 'author'),
    unreachable: await unreachable(client),
    examples: [
      ...(await examples(client, 'comment')),
      ...(await examples(client, 'article')),
      ...(await examples(client, 'author')),
    ],
  };
  await discard(client);
  return found;
}

async function chooseArticles(client: pg.ClientBase, articleIds: readonly number[] | undefined): Promise<void> {
  await client.query('CREATE TEMP TABLE thread_article (id int PRIMARY KEY) ON COMMIT DROP');
  await client.query('INSERT INTO thread_article SELECT id FROM article WHERE $1::int[] IS NULL OR id = ANY ($1)', [
    articleIds ?? null,
  ]);
  await client.query('ANALYZE thread_article');
}

/** So that it can be done again in the same transaction; an error takes the tables with it. */
async function discard(client: pg.ClientBase): Promise<void> {
  await client.query(`
    DROP TABLE thread_article, thread_place, thread_total, thread_ordinal, thread_comment, thread_author,
               thread_discussion`);
}

/**
 * Fills `thread_comment`, `thread_discussion` and `thread_author` with what the columns should be.
 *
 * Every step is linear in the comments. Each walk down a thread looks its next level up by index, row by row
 * (LATERAL with OFFSET 0): left to itself the planner may read the whole table once a level, a thousand times for a
 * thousand levels. Sums are carried up level by level, since a recursive query cannot aggregate.
 */
async function computeThreads(client: pg.ClientBase, everyAuthor: boolean): Promise<void> {
  await placeComments(client);
  await sumSubtrees(client);
  await numberComments(client);
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
    ), taken AS (
      SELECT container_id AS id, max(ordinal) + 1 AS next_ordinal
        FROM thread_ordinal WHERE container_id IS NOT NULL GROUP BY 1
    )
    INSERT INTO thread_comment
    SELECT p.id, walk.path, p.depth,
           p.standing OR (NOT p.blocks AND coalesce(s.descendant_count, 0) > 0),
           coalesce(s.reply_count, 0), coalesce(s.descendant_count, 0),
           p.reactions + coalesce(s.reply_count, 0),
           greatest(p.next_ordinal, taken.next_ordinal)
      FROM thread_place p
      JOIN walk USING (id)
      LEFT JOIN thread_total s USING (id)
      LEFT JOIN taken USING (id)`);
  await client.query('CREATE UNIQUE INDEX ON thread_comment (id); ANALYZE thread_comment');
  await countDiscussions(client, everyAuthor);
}

/**
 * True depth, and the row whose counter gives the ordinal: the parent, or below the deepest level of paths the last
 * ancestor that has room for one more level. Blocked is what has something rejected, spam or pending above; standing,
 * what can be read.
 */
async function placeComments(client: pg.ClientBase): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE thread_place (
      id int, article_id int, parent_id int, container_id int, author_id int, depth int, blocks boolean,
      standing boolean, reactions int, next_ordinal int, created_at timestamptz, ordinal int
    ) ON COMMIT DROP`);
  await client.query(
    `
    WITH RECURSIVE walk AS (
      SELECT c.*, NULL::int AS container_id, 0 AS true_depth, c.status NOT IN ('VISIBLE', 'REMOVED') AS blocks
        FROM (SELECT ${PLACED} FROM comment) c
       WHERE c.parent_id IS NULL AND c.article_id IN (SELECT id FROM thread_article)
      UNION ALL
      SELECT c.*, CASE WHEN walk.true_depth + 1 < $1 THEN walk.id ELSE walk.container_id END, walk.true_depth + 1,
             walk.blocks OR c.status NOT IN ('VISIBLE', 'REMOVED')
        FROM walk CROSS JOIN LATERAL (
          SELECT ${PLACED} FROM comment WHERE parent_id = walk.id AND article_id = walk.article_id OFFSET 0
        ) c
    )
    INSERT INTO thread_place
    SELECT id, article_id, parent_id, container_id, author_id, true_depth, blocks, NOT blocks AND status = 'VISIBLE',
           reactions, next_ordinal, created_at,
           CASE WHEN levels = least(true_depth + 1, $1) AND last > 0 THEN last END
      FROM walk`,
    [MAX_PATH_LEVELS],
  );
  await client.query('CREATE UNIQUE INDEX ON thread_place (id); CREATE INDEX ON thread_place (depth)');
  await client.query('ANALYZE thread_place');
}

const PLACED = `id, article_id, parent_id, author_id, status, created_at, next_ordinal,
  (SELECT coalesce(sum(n), 0)::int FROM unnest(reaction_counts) n) AS reactions,
  cardinality(path) AS levels, path[cardinality(path)] AS last`;

async function sumSubtrees(client: pg.ClientBase): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE thread_total (id int PRIMARY KEY, reply_count int, descendant_count int) ON COMMIT DROP`);
  const deepest = await client.query<{ depth: number | null }>('SELECT max(depth) AS depth FROM thread_place');
  for (let depth = deepest.rows[0]?.depth ?? 0; depth > 0; depth--) {
    await client.query(
      `
      INSERT INTO thread_total
      SELECT parent_id, count(*) FILTER (WHERE standing), sum(standing::int + below)
        FROM (SELECT parent_id, standing,
                     coalesce((SELECT descendant_count FROM thread_total t WHERE t.id = p.id), 0) AS below
                FROM thread_place p WHERE depth = $1) level
       GROUP BY parent_id HAVING sum(standing::int + below) > 0`,
      [depth],
    );
  }
}

/** Keeps ordinals that are positive and unique below their container, and gives the others the next ones. */
async function numberComments(client: pg.ClientBase): Promise<void> {
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

async function countDiscussions(client: pg.ClientBase, everyAuthor: boolean): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE thread_discussion ON COMMIT DROP AS
    WITH standing AS (
      SELECT article_id, count(*)::int AS comment_count, max(created_at) AS discussed_at
        FROM thread_place WHERE standing GROUP BY 1
    ), taken AS (
      SELECT article_id, max(ordinal) + 1 AS next_ordinal FROM thread_ordinal WHERE container_id IS NULL GROUP BY 1
    )
    SELECT article.id, coalesce(s.comment_count, 0) AS comment_count, coalesce(s.discussed_at, 'epoch') AS discussed_at,
           greatest(article.next_ordinal, t.next_ordinal) AS next_ordinal
      FROM article
      JOIN thread_article USING (id)
      LEFT JOIN standing s ON s.article_id = article.id
      LEFT JOIN taken t ON t.article_id = article.id`);
  await client.query('CREATE TEMP TABLE thread_author (id int, comment_count int) ON COMMIT DROP');
  await client.query(
    `
    INSERT INTO thread_author
    WITH chosen AS (
      SELECT id FROM author WHERE $1 OR id IN (SELECT author_id FROM thread_place)
    ), readable AS (
      SELECT author_id FROM thread_place WHERE standing
      UNION ALL
      -- What an author wrote below other articles counts as it stands.
      SELECT author_id FROM comment
       WHERE NOT $1 AND visible AND status = 'VISIBLE'
         AND author_id IN (SELECT id FROM chosen) AND article_id NOT IN (SELECT id FROM thread_article)
    )
    SELECT chosen.id, count(readable.author_id) FROM chosen LEFT JOIN readable ON author_id = chosen.id GROUP BY 1`,
    [everyAuthor],
  );
}

const COMPUTED = { comment: 'thread_comment', article: 'thread_discussion', author: 'thread_author' } as const;

function differing(table: DerivedTable): string {
  const columns = (alias: string) => DERIVED[table].map((column) => `${alias}.${column}`).join(', ');
  return `ROW(${columns('stored')}) IS DISTINCT FROM ROW(${columns('computed')})`;
}

async function putRight(client: pg.ClientBase, table: DerivedTable): Promise<number> {
  const updated = await client.query(`
    UPDATE ${table} stored SET ${DERIVED[table].map((column) => `${column} = computed.${column}`).join(', ')}
      FROM ${COMPUTED[table]} computed WHERE computed.id = stored.id AND ${differing(table)}`);
  return updated.rowCount ?? 0;
}

async function countDifferent(client: pg.ClientBase, table: DerivedTable): Promise<number> {
  const counted = await client.query<{ count: number }>(`
    SELECT count(*)::int FROM ${table} stored JOIN ${COMPUTED[table]} computed USING (id) WHERE ${differing(table)}`);
  return counted.rows[0]?.count ?? 0;
}

async function examples(client: pg.ClientBase, table: DerivedTable): Promise<ThreadDifference[]> {
  const object = (alias: string) => DERIVED[table].map((column) => `'${column}', ${alias}.${column}`).join(', ');
  const found = await client.query<ThreadDifference>(`
    SELECT '${table}' AS table, id, json_build_object(${object('stored')}) AS stored,
           json_build_object(${object('computed')}) AS computed
      FROM ${table} stored JOIN ${COMPUTED[table]} computed USING (id)
     WHERE ${differing(table)} ORDER BY id LIMIT ${MAX_EXAMPLES}`);
  return found.rows;
}

async function unreachable(client: pg.ClientBase): Promise<number> {
  const counted = await client.query<{ count: number }>(`
    SELECT ((SELECT count(*) FROM comment WHERE article_id IN (SELECT id FROM thread_article))
          - (SELECT count(*) FROM thread_place))::int AS count`);
  return counted.rows[0]?.count ?? 0;
}
