import type { Statement, Transaction } from './context.ts';
import type { EmittedEvent, WrittenEvent } from './events.ts';
import { LAST_EVENT_AT } from './log-head.ts';

/** A comment that became readable (1) or stopped being so (-1), as its article counts it. */
interface CountedComment {
  articleId: number;
  count: 1 | -1;
  createdAt: Date;
}

/** The articles, with their new number of comments and the time of the newest one, which is searched only when it disappeared. */
const COUNTS = {
  query: `, n AS (
    SELECT article, sum(count)::int AS difference, max(created) FILTER (WHERE count > 0) AS newest_shown,
      max(created) FILTER (WHERE count < 0) AS newest_hidden
    FROM unnest($5::int[], $6::int[], $7::timestamptz[]) t(article, count, created) GROUP BY article
  )`,
  columns: `, comment_count = article.comment_count + coalesce(n.difference, 0),
      discussed_at = CASE WHEN n.newest_hidden >= article.discussed_at
        THEN coalesce((SELECT max(created_at) FROM comment c
          WHERE c.article_id = article.id AND c.visible AND c.status = 'VISIBLE'), 'epoch')
        ELSE greatest(article.discussed_at, n.newest_shown) END`,
  from: ' LEFT JOIN n ON n.article = before.id',
};
const NO_COUNTS = { query: '', columns: '', from: '' };

interface Logged {
  events: readonly EmittedEvent[];
  /** Absent when the numbers of comments stay. */
  counted?: readonly CountedComment[];
}

/**
 * Writes events into the logs of their articles, with one update of each article: its sequence, and the comments that it
 * counts. An article is locked before its newest entry is read. When the statement waited for the lock, it does not see the entry
 * that was committed meanwhile; then the article's own column has its time.
 * @param written is called with each event in its order
 */
export function enqueueEvents(tx: Transaction, logged: Logged, written: (event: WrittenEvent) => void): void {
  tx.enqueue<[articleId: number, sequence: number]>(logEvents(logged), (rows) => {
    for (const [articleId, sequence] of rows) written({ articleId, sequence });
  });
}

function logEvents({ events, counted = [] }: Logged): Statement {
  const isCounting = counted.length > 0;
  const counts = isCounting ? COUNTS : NO_COUNTS;
  return {
    name: isCounting ? 'log-events-counting' : 'log-events',
    text: `WITH event AS (
        SELECT e.*, row_number() OVER (PARTITION BY article ORDER BY place)::int AS number
        FROM unnest($1::int[], $2::text[], $3::int[], $4::int[]) WITH ORDINALITY e(article, kind, comment, author, place)
      ), a AS (
        SELECT id, event_sequence, last_event_at FROM article WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE
      ), before AS (
        SELECT a.id, a.event_sequence AS sequence, ${LAST_EVENT_AT} AS previous_at, clock_timestamp() AS at FROM a
      )${counts.query}, logging AS (
        UPDATE article SET last_event_at = before.at,
          event_sequence = article.event_sequence + (SELECT count(*)::int FROM event WHERE event.article = article.id)${counts.columns}
        FROM before${counts.from} WHERE article.id = before.id
      )
      INSERT INTO comment_event (article_id, sequence, kind, comment_id, author_id, at, previous_at)
      SELECT before.id, before.sequence + number, kind::"CommentEventKind", comment, author, before.at,
        CASE WHEN number = 1 THEN before.previous_at ELSE before.at END
      FROM event JOIN before ON before.id = event.article ORDER BY place RETURNING article_id, sequence`,
    values: [
      events.map(({ articleId }) => articleId),
      events.map(({ kind }) => kind),
      events.map((event) => ('commentId' in event ? event.commentId : null)),
      events.map((event) => ('authorId' in event ? event.authorId : null)),
      ...(isCounting
        ? [
            counted.map(({ articleId }) => articleId),
            counted.map(({ count }) => count),
            counted.map(({ createdAt }) => createdAt),
          ]
        : []),
    ],
  };
}
