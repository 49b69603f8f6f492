import type { Scale } from './scale.ts';

// The comments that the large, the deep and the lively discussions leave fall at random on the other articles.
const sizes = (scale: Scale): string => `
  CREATE TABLE bench.discussion AS
  WITH special AS (
    SELECT id AS article_id, CASE id WHEN ${scale.largeArticle} THEN ${scale.largeDiscussion}
             WHEN ${scale.deepArticle} THEN ${scale.deepChain} ELSE ${scale.livelyDiscussion} END AS size
      FROM article
     WHERE status = 'PUBLISHED' AND (id IN (${scale.largeArticle}, ${scale.deepArticle}) OR id % ${scale.livelyEvery} = 0)
  ), other AS (
    SELECT id AS article_id, row_number() OVER (ORDER BY id) - 1 AS n, count(*) OVER ()::int AS articles
      FROM article WHERE status = 'PUBLISHED' AND id NOT IN (SELECT article_id FROM special)
  )
  SELECT article_id, size FROM special
  UNION ALL
  SELECT other.article_id, count(*)::int
    FROM generate_series(1, ${scale.comments} - (SELECT sum(size) FROM special)::int) c(n)
    JOIN other ON other.n = bench.dice(c.n, 50, (SELECT max(articles) FROM other))
   GROUP BY 1;
`;

// A discussion is a row of conversations: a top-level comment, then answers to it or to one of the answers so far. The
// large discussion has few and long ones, the deep one is a single chain. Conversations start 40 minutes
// apart, and answers come faster, so that conversations overlap in time and parents always come before their answers.
const drafts = ({ largeArticle, deepArticle }: Scale): string => `
  CREATE TABLE bench.draft AS
  WITH opened AS (
    SELECT article_id, k, article_id::bigint * 100000 + k AS throw,
           k = 1 OR article_id <> ${deepArticle}
             AND bench.dice(article_id::bigint * 100000 + k, 60, 100)
                 < CASE article_id WHEN ${largeArticle} THEN 4 ELSE 15 END AS opens
      FROM bench.discussion CROSS JOIN LATERAL generate_series(1, size) k
  ), conversation AS (
    SELECT *, count(*) FILTER (WHERE opens) OVER (PARTITION BY article_id ORDER BY k) AS conversation,
           max(CASE WHEN opens THEN k END) OVER (PARTITION BY article_id ORDER BY k) AS opening
      FROM opened
  ), answered AS (
    SELECT *, CASE WHEN opens THEN NULL
                   WHEN article_id = ${deepArticle} THEN k - 1
                   ELSE opening + bench.dice(throw, 61, (k - opening)::int) END AS parent
      FROM conversation
  )
  SELECT d.article_id, d.k, d.parent, d.throw,
         a.published_at + conversation * interval '40 minutes'
           + (k - opening) * interval '15 minutes' + bench.dice(throw, 62, 800) * interval '1 second' AS created_at,
         row_number() OVER (ORDER BY a.published_at + conversation * interval '40 minutes'
           + (k - opening) * interval '15 minutes' + bench.dice(throw, 62, 800) * interval '1 second',
           d.article_id, d.k)::int AS id
    FROM answered d JOIN article a ON a.id = d.article_id;
  CREATE UNIQUE INDEX ON bench.draft (article_id, k);
  CREATE INDEX ON bench.draft (article_id, parent);
  ANALYZE bench.draft;
`;

// Of a thousand comments 15 are removed, and 20 of those without answers await a moderator or were turned down.
// Paths and counters are computed afterwards; until then -id keeps the path unique.
const comments = ({ authors, deepArticle }: Scale): string => `
  INSERT INTO comment (id, article_id, parent_id, author_id, path, depth, status, body_source, body_html, body_text,
                       created_at, reaction_counts, brought_reactions, waiting)
  SELECT id, article_id, parent_id, author_id, ARRAY[-id], 0, status, words, '<p>' || words || '</p>', words, created_at,
         reactions, reactions, status = 'PENDING'
    FROM (SELECT d.id, d.article_id, parent.id AS parent_id, 1 + bench.dice(d.throw, 70, ${authors}) AS author_id,
         CASE WHEN d.article_id = ${deepArticle} THEN 'VISIBLE'
              WHEN fate < 15 THEN 'REMOVED'
              WHEN fate < 35 AND NOT EXISTS (
                SELECT FROM bench.draft below WHERE below.article_id = d.article_id AND below.parent = d.k
              ) THEN (ARRAY['PENDING', 'SPAM', 'REJECTED'])[1 + fate % 3]
              ELSE 'VISIBLE' END::"CommentStatus" AS status,
         words, d.created_at, ARRAY[likes, likes / 3, likes / 5, likes / 8, likes / 21] AS reactions
    FROM bench.draft d
    LEFT JOIN bench.draft parent ON parent.article_id = d.article_id AND parent.k = d.parent
   CROSS JOIN LATERAL (
     SELECT bench.dice(d.throw, 71, 1000) AS fate,
            (40 * power(bench.dice(d.throw, 72, 1000) / 1000.0, 4))::int AS likes
   ) chance
   CROSS JOIN LATERAL (
     SELECT string_agg(s.text, ' ' ORDER BY i) AS words
       FROM generate_series(0, bench.dice(d.throw, 73, 4) * bench.dice(d.throw, 74, 4) / 2) i
       JOIN bench.sentence s ON s.n = bench.dice(d.throw + i, 75, 1009)
   ) said) written
   ORDER BY id;
`;

/** Comments with all that does not derive from their threads. */
export function discussions(scale: Scale): string[] {
  return [sizes(scale), drafts(scale), comments(scale)];
}

// What is removed was added first, and withdrawn an hour later.
/** The log, as it would have been written; needs the derived columns of the comments. */
export const LOG = `
  WITH happened AS (
    SELECT article_id, id, 'ADDED' AS kind, created_at AS at FROM comment WHERE status IN ('VISIBLE', 'REMOVED')
    UNION ALL
    SELECT article_id, id, 'REMOVED', created_at + interval '1 hour' FROM comment WHERE status = 'REMOVED'
  )
  INSERT INTO comment_event (article_id, sequence, kind, comment_id, at)
  SELECT article_id, row_number() OVER (PARTITION BY article_id ORDER BY at, id), kind::"CommentEventKind", id, at
    FROM happened ORDER BY article_id, at, id;
  UPDATE article SET event_sequence = newest.sequence
    FROM (SELECT article_id, max(sequence) AS sequence FROM comment_event GROUP BY 1) newest
   WHERE newest.article_id = article.id;
`;
