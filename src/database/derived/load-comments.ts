import type pg from 'pg';
import { ARTICLE_COUNTS } from './derivations.ts';
import { computeThreads, dropThreadTables, selectArticles } from './thread-derivation.ts';
import { DERIVED, updateDifferingRows } from './thread-differences.ts';

/** Comments that one statement inserts: what checks and triggers remember of them stays in memory until its end. */
const PART = 2_000;

interface LoadOptions {
  /** A temporary table with the columns of `comment`, and the lines that the rows are from. */
  staged: string;
  /** The columns that are inserted as they are staged. */
  columns: readonly string[];
  /** Called before each part with its first line. */
  onPart: (line: number) => void;
}

/**
 * Inserts comments into a database that has none, in the caller's transaction, and counts them for articles and authors. Places and
 * counters are computed before, so that each row and its index entries are written once. Comments that cannot be reached from their
 * article are inserted as they are staged.
 */
export async function loadComments(client: pg.ClientBase, { staged, columns, onPart }: LoadOptions): Promise<void> {
  await client.query(`CREATE UNIQUE INDEX ON ${staged} (id); CREATE INDEX ON ${staged} (article_id, parent_id)`);
  await client.query(`CREATE INDEX ON ${staged} (line); ANALYZE ${staged}`);
  await selectArticles(client, undefined);
  await computeThreads(client, { everyAuthor: true, comments: staged });
  const { computedTable, columns: derived } = DERIVED.comment;
  const kept = columns.filter((column) => !derived.some((name) => name === column));
  const values = [
    ...kept.map((column) => `s.${column}`),
    ...derived.map((column) => `coalesce(computed.${column}, s.${column})`),
  ];
  for (let last = 0; ; ) {
    const { rows } = await client.query<{ first: number | null; last: number }>(
      `SELECT min(line) AS first, max(line) AS last
         FROM (SELECT line FROM ${staged} WHERE line > $1 ORDER BY line LIMIT ${PART}) part`,
      [last],
    );
    const [part] = rows;
    if (!part || part.first === null) break;
    onPart(part.first);
    await client.query(
      `INSERT INTO comment (${[...kept, ...derived].join(', ')})
       SELECT ${values.join(', ')} FROM ${staged} s LEFT JOIN ${computedTable} computed USING (id)
        WHERE s.line BETWEEN $1 AND $2 ORDER BY s.line`,
      [part.first, part.last],
    );
    last = part.last;
  }
  await updateDifferingRows(client, 'article');
  await updateDifferingRows(client, 'author');
  await dropThreadTables(client);
}

/** Adds all reactions to the counts and scores of their comments, which have none of them yet. */
export async function countReactions(client: pg.ClientBase): Promise<void> {
  await client.query(`
    UPDATE comment c SET reaction_counts = r.counts, score = c.score + r.added
      FROM (
        SELECT c.id, array_agg(c.reaction_counts[k.place] + k.reacted ORDER BY k.place) AS counts, sum(k.reacted) AS added
          FROM comment c CROSS JOIN LATERAL (
            SELECT place, (SELECT count(*)::int FROM reaction r WHERE r.comment_id = c.id AND r.kind = kind.value) AS reacted
              FROM unnest(enum_range(NULL::"ReactionKind")) WITH ORDINALITY AS kind(value, place)
          ) k
         WHERE c.id IN (SELECT comment_id FROM reaction) GROUP BY c.id
      ) r WHERE r.id = c.id`);
}

/** Computes the article counts of topics and authors, for one who has set `broadsheet.counts` to "at the end". */
export async function countArticles(client: pg.ClientBase): Promise<void> {
  for (const { repair } of ARTICLE_COUNTS) if (repair) await client.query(repair);
}
