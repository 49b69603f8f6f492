import pg from 'pg';
import { checkThreads, rebuildThreads } from './thread-derivation.ts';

/** Rows of one kind that are not what a fresh computation gives. */
export interface Finding {
  description: string;
  count: number;
}

/**
 * One thing that is derived from another: rows that differ, and the statement that puts them right. What no statement
 * can put right has none.
 */
interface Derivation {
  description: string;
  /** A query of the rows that differ. */
  differing: string;
  repair?: string;
}

const REACTIONS = `
  SELECT c.id, array_agg(c.brought_reactions[k.place] + k.reacted ORDER BY k.place) AS counts
  FROM comment c CROSS JOIN LATERAL (
    SELECT place, (SELECT count(*)::int FROM reaction r WHERE r.comment_id = c.id AND r.kind = kind.value) AS reacted
    FROM unnest(enum_range(NULL::"ReactionKind")) WITH ORDINALITY AS kind(value, place)
  ) k GROUP BY c.id`;

const PUBLISHED = `SELECT author.id, count(article.id)::int AS count
  FROM author LEFT JOIN article ON article.author_id = author.id AND article.status = 'PUBLISHED' GROUP BY author.id`;

const ABOUT = `SELECT topic.id, count(article.id)::int AS count
  FROM topic LEFT JOIN article_topic ON topic_id = topic.id
  LEFT JOIN article ON article.id = article_id AND article.status = 'PUBLISHED' GROUP BY topic.id`;

/** What the log says last of each comment that it speaks of. Imported comments are in no log until they change. */
const LAST_SAID = `SELECT DISTINCT ON (e.article_id, e.comment_id) e.article_id, e.comment_id, e.kind
  FROM comment_event e WHERE e.kind <> 'CHANGED' ORDER BY e.article_id, e.comment_id, e.sequence DESC`;

/** Comments of which the log says something else than what stands, with the event that is missing. */
const UNTOLD = `SELECT said.article_id, said.comment_id,
    CASE said.kind WHEN 'ADDED' THEN 'REMOVED' ELSE 'ADDED' END::"CommentEventKind" AS kind
  FROM (${LAST_SAID}) said JOIN comment c ON c.id = said.comment_id
  WHERE CASE said.kind WHEN 'ADDED' THEN NOT c.visible ELSE c.visible AND c.status = 'VISIBLE' END`;

/** Comments with a reaction since readers were last told, and nothing that says that they will be. */
const UNTOLD_REACTIONS = `SELECT c.id FROM comment c WHERE c.visible AND c.status = 'VISIBLE'
    AND EXISTS (SELECT FROM reaction r WHERE r.comment_id = c.id AND r.created_at > c.reactions_told_at)
    AND NOT EXISTS (SELECT FROM comment_reaction_notice n WHERE n.comment_id = c.id)`;

// In this order: scores are computed from reactions, and what is missing from the log from what stands.
const BEFORE_THREADS: readonly Derivation[] = [
  {
    description: 'comments whose reactions are counted wrong',
    differing: `SELECT FROM comment c JOIN (${REACTIONS}) r USING (id) WHERE c.reaction_counts IS DISTINCT FROM r.counts`,
    repair: `UPDATE comment c SET reaction_counts = r.counts FROM (${REACTIONS}) r
      WHERE r.id = c.id AND c.reaction_counts IS DISTINCT FROM r.counts`,
  },
];
const AFTER_THREADS: readonly Derivation[] = [
  {
    description: 'articles on topics with another date than their own',
    differing: `SELECT FROM article_topic t JOIN article a ON a.id = t.article_id
      WHERE t.published_at IS DISTINCT FROM CASE WHEN a.status = 'PUBLISHED' THEN a.published_at END`,
    repair: `UPDATE article_topic t SET published_at = CASE WHEN a.status = 'PUBLISHED' THEN a.published_at END FROM article a
      WHERE a.id = t.article_id AND t.published_at IS DISTINCT FROM CASE WHEN a.status = 'PUBLISHED' THEN a.published_at END`,
  },
  {
    description: 'topics whose articles are counted wrong',
    differing: `SELECT FROM topic JOIN (${ABOUT}) c USING (id) WHERE article_count <> c.count`,
    repair: `UPDATE topic SET article_count = c.count FROM (${ABOUT}) c WHERE c.id = topic.id AND article_count <> c.count`,
  },
  {
    description: 'authors whose articles are counted wrong',
    differing: `SELECT FROM author JOIN (${PUBLISHED}) c USING (id) WHERE article_count <> c.count`,
    repair: `UPDATE author SET article_count = c.count FROM (${PUBLISHED}) c
      WHERE c.id = author.id AND article_count <> c.count`,
  },
  {
    description: 'articles whose log is behind its own events',
    differing: `SELECT FROM article a
      WHERE event_sequence < (SELECT max(sequence) FROM comment_event e WHERE e.article_id = a.id)`,
    repair: `UPDATE article a SET event_sequence = e.last
      FROM (SELECT article_id, max(sequence) AS last FROM comment_event GROUP BY 1) e
      WHERE e.article_id = a.id AND event_sequence < e.last`,
  },
  {
    // Old events may be forgotten, never one in the middle: whoever reads on from before it would miss it unknowing.
    description: 'articles whose log has a gap',
    differing: `SELECT FROM comment_event JOIN article ON article.id = article_id
      GROUP BY article.id HAVING count(*) <> max(sequence) - min(sequence) + 1 OR max(sequence) < event_sequence`,
  },
  {
    description: 'comments of which the log says something else than what stands',
    differing: UNTOLD,
    repair: `WITH untold AS (
        SELECT u.*, row_number() OVER (PARTITION BY article_id ORDER BY comment_id) AS place FROM (${UNTOLD}) u
      ), counted AS (
        UPDATE article a SET event_sequence = event_sequence + n.events
        FROM (SELECT article_id, count(*)::int AS events FROM untold GROUP BY 1) n
        WHERE n.article_id = a.id RETURNING a.id, a.event_sequence - n.events AS before
      )
      INSERT INTO comment_event (article_id, sequence, kind, comment_id)
      SELECT article_id, before + place, kind, comment_id FROM untold JOIN counted ON counted.id = article_id`,
  },
  {
    // Those that a notice speaks of are owed, not missing: a gateway tells them when it next looks.
    description: 'comments whose readers were not told of reactions',
    differing: UNTOLD_REACTIONS,
    repair: `INSERT INTO comment_reaction_notice (comment_id, due) SELECT id, clock_timestamp() FROM (${UNTOLD_REACTIONS}) u`,
  },
];

export interface VerifyOptions {
  url: string;
  /** Put right what differs, as far as it can be. */
  repair: boolean;
}

/**
 * Computes everything anew that is kept derived: places and counters of discussions, reactions, counters of articles and
 * topics, and whether each log tells what stands. All in one transaction, of which other changes wait while it repairs.
 * @returns what differed, with how many rows; empty when all is as it should be
 */
export async function verify({ url, repair }: VerifyOptions): Promise<Finding[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(repair ? 'BEGIN' : 'BEGIN ISOLATION LEVEL REPEATABLE READ');
    if (repair) await client.query('LOCK TABLE article IN EXCLUSIVE MODE');
    const found: Finding[] = [];
    for (const derivation of BEFORE_THREADS) found.push(await look(client, derivation, repair));
    const { comments, articles, authors, unreachable } = repair
      ? await rebuildThreads(client)
      : await checkThreads(client);
    found.push(
      { description: 'comments with another place or other counters', count: comments },
      { description: 'articles whose discussion is counted wrong', count: articles },
      { description: 'authors whose comments are counted wrong', count: authors },
      { description: 'comments that no chain of parents connects to their article', count: unreachable },
    );
    for (const derivation of AFTER_THREADS) found.push(await look(client, derivation, repair));
    await client.query('COMMIT');
    return found.filter(({ count }) => count > 0);
  } finally {
    await client.end();
  }
}

async function look(
  client: pg.Client,
  { description, differing, repair }: Derivation,
  mend: boolean,
): Promise<Finding> {
  const { rows } = await client.query<{ count: number }>(`SELECT count(*)::int AS count FROM (${differing}) d`);
  const count = rows[0]?.count ?? 0;
  if (mend && repair && count > 0) await client.query(repair);
  return { description, count };
}
