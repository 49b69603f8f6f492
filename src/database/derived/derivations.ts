/** Rows of one kind that differ from a recomputation, and how to repair them. */
export interface Derivation {
  /** Describes the differing rows, after their number: "3 comments with ...". */
  description: string;
  /** A query that returns one row for each row that differs. */
  differing: string;
  /** The statement that repairs them; absent where only an operator can. */
  repair?: string;
  /** A query for the ids of the articles whose discussions the repair changes without an event. */
  changedDiscussions?: string;
  /** The repair changes what moderators have before them. */
  changesQueue?: true;
}

const REACTION_COUNTS = `
  SELECT c.id, array_agg(c.brought_reactions[k.place] + k.reacted ORDER BY k.place) AS counts
  FROM comment c CROSS JOIN LATERAL (
    SELECT place, (SELECT count(*)::int FROM reaction r WHERE r.comment_id = c.id AND r.kind = kind.value) AS reacted
    FROM unnest(enum_range(NULL::"ReactionKind")) WITH ORDINALITY AS kind(value, place)
  ) k GROUP BY c.id`;

const AUTHOR_ARTICLE_COUNTS = `SELECT author.id, count(article.id)::int AS count
  FROM author LEFT JOIN article ON article.author_id = author.id AND article.status = 'PUBLISHED' GROUP BY author.id`;

const TOPIC_ARTICLE_COUNTS = `SELECT topic.id, count(article.id)::int AS count
  FROM topic LEFT JOIN article_topic ON topic_id = topic.id
  LEFT JOIN article ON article.id = article_id AND article.status = 'PUBLISHED' GROUP BY topic.id`;

/** The last ADDED or REMOVED event of each comment. An imported comment has none until it changes. */
const LAST_EVENTS = `SELECT DISTINCT ON (e.article_id, e.comment_id) e.article_id, e.comment_id, e.kind
  FROM comment_event e WHERE e.kind IN ('ADDED', 'REMOVED') ORDER BY e.article_id, e.comment_id, e.sequence DESC`;

/** Comments whose last event contradicts their visibility, with the event that is missing. */
const MISSING_EVENTS = `SELECT last.article_id, last.comment_id,
    CASE last.kind WHEN 'ADDED' THEN 'REMOVED' ELSE 'ADDED' END::"CommentEventKind" AS kind
  FROM (${LAST_EVENTS}) last JOIN comment c ON c.id = last.comment_id
  WHERE CASE last.kind WHEN 'ADDED' THEN NOT c.visible ELSE c.visible AND c.status = 'VISIBLE' END`;

/** Comments with a reaction after their last reaction event, and no scheduled event. */
const MISSING_REACTION_EVENTS = `SELECT c.id FROM comment c WHERE c.visible AND c.status = 'VISIBLE'
    AND EXISTS (SELECT FROM reaction r WHERE r.comment_id = c.id AND r.created_at > c.reactions_told_at)
    AND NOT EXISTS (SELECT FROM comment_reaction_notice n WHERE n.comment_id = c.id)`;

/** Checked before the threads, whose scores are computed from these counts. */
export const BEFORE_THREADS: readonly Derivation[] = [
  {
    description: 'comments with wrong reaction counts',
    differing: `SELECT FROM comment c JOIN (${REACTION_COUNTS}) r USING (id)
      WHERE c.reaction_counts IS DISTINCT FROM r.counts`,
    repair: `UPDATE comment c SET reaction_counts = r.counts FROM (${REACTION_COUNTS}) r
      WHERE r.id = c.id AND c.reaction_counts IS DISTINCT FROM r.counts`,
    changedDiscussions: `SELECT DISTINCT c.article_id AS id FROM comment c JOIN (${REACTION_COUNTS}) r USING (id)
      WHERE c.visible AND c.reaction_counts IS DISTINCT FROM r.counts`,
  },
];

const IS_WAITING = `(c.status = 'PENDING'
  OR (c.status = 'VISIBLE' AND EXISTS (SELECT FROM comment_held_edit h WHERE h.comment_id = c.id)))`;

const IS_REPORTED = 'EXISTS (SELECT FROM comment_report r WHERE r.comment_id = c.id AND NOT r.settled)';

/** The search documents that triggers keep, as they should be. OFFSET 0 computes each once, and not for each of its columns. */
const SEARCH_DOCUMENTS = `
  SELECT (s).* FROM (
    SELECT article_document(a) AS s FROM article a
    UNION ALL SELECT topic_document(t) FROM topic t
    UNION ALL SELECT author_document(u) FROM author u WHERE u.kind <> 'GUEST' OR u.article_count > 0
    OFFSET 0) computed`;

/** Search documents that are missing, wrong or (without words) of an object that does not exist; none that a job is computing. */
const WRONG_SEARCH_DOCUMENTS = `SELECT kind, entity_id, s.visible, s.words, s.language
  FROM search_document d FULL JOIN (${SEARCH_DOCUMENTS}) s USING (kind, entity_id)
  WHERE (d.visible, d.words, d.language) IS DISTINCT FROM (s.visible, s.words, s.language)
    AND NOT (kind = 'article' AND EXISTS (SELECT FROM search_rebuild r WHERE r.article_id = entity_id))`;

/** The same for comments. One that is hidden has a document if it has been shown. */
const WRONG_SEARCH_COMMENTS = `SELECT c.id FROM (
    SELECT c.id, d, comment_document(c) AS s FROM comment c LEFT JOIN search_comment d ON d.comment_id = c.id
    WHERE (d.comment_id IS NOT NULL OR c.visible AND c.status = 'VISIBLE')
      AND NOT EXISTS (SELECT FROM search_rebuild r WHERE r.article_id = c.article_id)
    OFFSET 0) c WHERE d IS DISTINCT FROM s`;

/** Until the job has come to it, an article of a former version has no detected language. */
const IS_WRONG_LANGUAGE = `detected_language IS DISTINCT FROM article_detected_language(a)
  AND NOT EXISTS (SELECT FROM search_rebuild r WHERE r.article_id = a.id)`;

/** Words of visible texts that are missing where mistyped words are corrected. Those of former texts may be there. */
const UNKNOWN_WORDS = `SELECT word FROM ts_stat('
    SELECT words FROM search_document WHERE visible UNION ALL SELECT words FROM search_comment WHERE visible')
  WHERE is_search_word(word) AND NOT EXISTS (SELECT FROM search_word known WHERE known.word = ts_stat.word)`;

export const ARTICLE_COUNTS: readonly Derivation[] = [
  {
    description: 'topics with a wrong article count',
    differing: `SELECT FROM topic JOIN (${TOPIC_ARTICLE_COUNTS}) c USING (id) WHERE article_count <> c.count`,
    repair: `UPDATE topic SET article_count = c.count FROM (${TOPIC_ARTICLE_COUNTS}) c
      WHERE c.id = topic.id AND article_count <> c.count`,
  },
  {
    description: 'authors with a wrong article count',
    differing: `SELECT FROM author JOIN (${AUTHOR_ARTICLE_COUNTS}) c USING (id) WHERE article_count <> c.count`,
    repair: `UPDATE author SET article_count = c.count FROM (${AUTHOR_ARTICLE_COUNTS}) c
      WHERE c.id = author.id AND article_count <> c.count`,
  },
];

/** Checked after the threads: missing events are found by the visibility that threads compute. */
export const AFTER_THREADS: readonly Derivation[] = [
  {
    description: 'comments that are wrongly among the reported ones, or missing there',
    differing: `SELECT FROM comment c WHERE reported <> ${IS_REPORTED}`,
    repair: `UPDATE comment c SET reported = ${IS_REPORTED} WHERE reported <> ${IS_REPORTED}`,
    changesQueue: true,
  },
  {
    description: 'comments that are wrongly in the moderation queue, or missing there',
    differing: `SELECT FROM comment c WHERE waiting <> ${IS_WAITING}`,
    repair: `UPDATE comment c SET waiting = ${IS_WAITING} WHERE waiting <> ${IS_WAITING}`,
    changesQueue: true,
  },
  {
    description: 'article topics with another publication date than the article',
    differing: `SELECT FROM article_topic t JOIN article a ON a.id = t.article_id
      WHERE t.published_at IS DISTINCT FROM CASE WHEN a.status = 'PUBLISHED' THEN a.published_at END`,
    repair: `UPDATE article_topic t SET published_at = CASE WHEN a.status = 'PUBLISHED' THEN a.published_at END
      FROM article a WHERE a.id = t.article_id
        AND t.published_at IS DISTINCT FROM CASE WHEN a.status = 'PUBLISHED' THEN a.published_at END`,
  },
  ...ARTICLE_COUNTS,
  {
    // Every way to change a parent refuses it, so somebody has written it into the database, and alone knows which parent is wrong.
    description: 'topics that are above themselves',
    differing: `WITH RECURSIVE above AS (
        SELECT id AS topic, parent_id AS id FROM topic
        UNION SELECT topic, t.parent_id FROM above JOIN topic t USING (id)
      ) SELECT FROM above WHERE id = topic`,
  },
  {
    description: 'articles whose detected language is wrong',
    differing: `SELECT FROM article a WHERE ${IS_WRONG_LANGUAGE}`,
    // Its trigger computes the right one.
    repair: `UPDATE article a SET detected_language = NULL WHERE ${IS_WRONG_LANGUAGE}`,
  },
  {
    // After the counts, which decide what is visible, and the languages of articles.
    description: 'search documents that differ from their article, author or topic',
    differing: WRONG_SEARCH_DOCUMENTS,
    repair: `WITH wrong AS MATERIALIZED (${WRONG_SEARCH_DOCUMENTS}), gone AS (
        DELETE FROM search_document d USING wrong w
        WHERE (d.kind, d.entity_id) = (w.kind, w.entity_id) AND w.words IS NULL
      )
      SELECT search_document_put(ROW(kind, entity_id, visible, words, language)::search_document)
      FROM wrong WHERE words IS NOT NULL`,
  },
  {
    description: 'search documents that differ from their comment',
    differing: WRONG_SEARCH_COMMENTS,
    repair: `SELECT search_comment_put(c) FROM comment c JOIN (${WRONG_SEARCH_COMMENTS}) w USING (id)`,
  },
  {
    description: 'words that the correction of typing mistakes does not know',
    differing: UNKNOWN_WORDS,
    repair: `INSERT INTO search_word (word, trigrams) SELECT word, search_trigrams(word) FROM (${UNKNOWN_WORDS}) u`,
  },
  {
    description: 'articles whose event sequence is behind their log',
    differing: `SELECT FROM article a
      WHERE event_sequence < (SELECT max(sequence) FROM comment_event e WHERE e.article_id = a.id)`,
    repair: `UPDATE article a SET event_sequence = e.sequence, last_event_at = e.at
      FROM (SELECT DISTINCT ON (article_id) article_id, sequence, at FROM comment_event ORDER BY article_id, sequence DESC) e
      WHERE e.article_id = a.id AND event_sequence < e.sequence`,
  },
  {
    // Null is a time that is not known, as of events that a former version wrote.
    description: 'articles with another time of their newest event than that event',
    differing: `SELECT FROM article a JOIN comment_event e ON e.article_id = a.id AND e.sequence = a.event_sequence
      WHERE a.last_event_at <> e.at`,
    repair: `UPDATE article a SET last_event_at = e.at FROM comment_event e
      WHERE e.article_id = a.id AND e.sequence = a.event_sequence AND a.last_event_at <> e.at`,
  },
  {
    description: 'events with another time of the event before them than that event',
    differing: `SELECT FROM comment_event e JOIN comment_event p ON p.article_id = e.article_id AND p.sequence = e.sequence - 1
      WHERE e.previous_at <> p.at`,
    repair: `UPDATE comment_event e SET previous_at = p.at FROM comment_event p
      WHERE p.article_id = e.article_id AND p.sequence = e.sequence - 1 AND e.previous_at <> p.at`,
  },
  {
    // The oldest events may be deleted, but none in the middle: a client that resumes before the gap would miss it.
    description: 'articles with a gap in their log',
    differing: `SELECT FROM comment_event JOIN article ON article.id = article_id
      GROUP BY article.id HAVING count(*) <> max(sequence) - min(sequence) + 1 OR max(sequence) < event_sequence`,
  },
  {
    description: 'comments whose last event contradicts their visibility',
    differing: MISSING_EVENTS,
    repair: `WITH missing AS (
        SELECT m.*, row_number() OVER (PARTITION BY article_id ORDER BY comment_id) AS place FROM (${MISSING_EVENTS}) m
      ), counted AS (
        UPDATE article a SET event_sequence = event_sequence + n.events, last_event_at = now()
        FROM (SELECT article_id, count(*)::int AS events FROM missing GROUP BY 1) n
        WHERE n.article_id = a.id RETURNING a.id, a.event_sequence - n.events AS before
      )
      INSERT INTO comment_event (article_id, sequence, kind, comment_id, at, previous_at)
      SELECT article_id, before + place, kind, comment_id, now(), CASE WHEN place > 1 THEN now() ELSE (
        SELECT e.at FROM comment_event e WHERE e.article_id = missing.article_id AND e.sequence = before) END
      FROM missing JOIN counted ON counted.id = article_id`,
  },
  {
    // A scheduled event is not missing: a gateway emits it when it next looks at the schedule.
    description: 'comments with reactions that no event has announced',
    differing: MISSING_REACTION_EVENTS,
    repair: `INSERT INTO comment_reaction_notice (comment_id, due)
      SELECT id, clock_timestamp() FROM (${MISSING_REACTION_EVENTS}) m`,
  },
];
