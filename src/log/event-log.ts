import type { Queryable } from '../../schema/content/context.ts';
import type { LoggedEvent, LogPosition, Publication } from '../../schema/content/events.ts';
import { LAST_EVENT_AT } from '../../schema/content/log-head.ts';
import { articleTopic, PUBLICATIONS_TOPIC } from '../bus/index.ts';
import type { LogEntry } from './log-entry.ts';

/**
 * Most entries that are read and rendered at once. A subscriber that catches up holds one page while its connection
 * takes it, so many subscribers at different places in a log hold as many pages.
 */
export const LOG_PAGE = 100;

/** A log at one moment: its newest position, and some of its entries. */
export interface LogPage<Entry> {
  /** Position of the newest entry. Null when the log cannot be followed: the article was deleted or is not public. */
  position: LogPosition | null;
  /**
   * The oldest entries after the requested sequence, up to the next multiple of LOG_PAGE, so that readers that start at
   * different places soon read the same pages.
   */
  entries: Entry[];
  /**
   * The article's newest publication: while it stays the same, the article was public without a break. Null for a log that is
   * always public.
   */
  publication: number | null;
  /**
   * For a log in which sequences may be missing, also the newest one: the highest that was ever given. Its readers do not check that
   * each entry continues the one before, but that this never decreases. Absent for a log without gaps.
   */
  issued?: number;
}

/** An append-only sequence of entries; an entry never changes. */
export interface EventLog<Entry extends LogEntry> {
  /** Its topic on the bus. */
  topic: string;
  /** @param after a sequence; null to read the position alone */
  read(after: number | null): Promise<LogPage<Entry>>;
}

type EventColumns = [
  ...[sequence: number, kind: LoggedEvent['kind'], commentId: number | null, authorId: number | null],
  ...[at: Date, previousAt: Date | null],
];
/** The columns of an event in the only row of a page without events. */
type NoEventColumns = [null, null, null, null, null, null];

/** The log of one article's discussion. */
export function discussionLog(db: Queryable, articleId: number): EventLog<LoggedEvent> {
  return {
    topic: articleTopic(articleId),
    async read(after) {
      const rows = await db.query<
        [epoch: number, newest: number, newestAt: Date | null, publication: number, ...(EventColumns | NoEventColumns)]
      >({
        name: 'log-read',
        // One statement reads the position and the entries, so that both are of the same moment.
        text: `SELECT a.event_epoch, a.event_sequence, ${LAST_EVENT_AT},
            (SELECT coalesce(max(p.sequence), 0) FROM article_publication p WHERE p.article_id = a.id), e.sequence, e.kind, e.comment_id,
            e.author_id, e.at, e.previous_at
          FROM article a LEFT JOIN LATERAL (
            SELECT * FROM comment_event WHERE article_id = a.id AND sequence > $2 ORDER BY sequence
            LIMIT ${LOG_PAGE} - $2 % ${LOG_PAGE}
          ) e ON true
          WHERE a.id = $1 AND a.status = 'PUBLISHED' ORDER BY e.sequence`,
        values: [articleId, after],
      });
      const [first] = rows;
      if (!first) return { position: null, entries: [], publication: null };
      const [epoch, newest, newestAt, publication] = first;
      const entries = rows.flatMap(([, , , , sequence, kind, commentId, authorId, at, previousAt]) =>
        sequence === null ? [] : { articleId, epoch, sequence, kind, commentId, authorId, at, previousAt },
      );
      return { position: { articleId, epoch, sequence: newest, at: newestAt }, entries, publication };
    },
  };
}

/** Sent every few seconds, for the articles that are followed on this gateway. */
export const LOG_POSITIONS = `SELECT a.id, a.event_epoch, a.event_sequence, ${LAST_EVENT_AT}
  FROM article a WHERE a.id = ANY($1) AND a.status = 'PUBLISHED'`;

/** The positions of articles' logs by article; a log that can no longer be followed is left out. */
export async function logPositions(db: Queryable, articleIds: readonly number[]): Promise<Map<number, LogPosition>> {
  const rows = await db.query<[id: number, epoch: number, sequence: number, at: Date | null]>({
    name: 'log-positions',
    text: LOG_POSITIONS,
    values: [articleIds],
  });
  return new Map(rows.map(([articleId, epoch, sequence, at]) => [articleId, { articleId, epoch, sequence, at }]));
}

/** The log of articles becoming public. */
export function publicationLog(db: Queryable): EventLog<Publication> {
  return {
    topic: PUBLICATIONS_TOPIC,
    async read(after) {
      const rows = await db.query<[newest: number, issued: number, sequence: number | null, articleId: number | null]>({
        name: 'publications-read',
        text: `SELECT newest.sequence, newest.issued, p.sequence, p.article_id
          FROM (
            SELECT (SELECT coalesce(max(sequence), 0) FROM article_publication) AS sequence,
              (CASE WHEN is_called THEN last_value ELSE 0 END)::int AS issued
            FROM article_publication_sequence_seq
          ) newest LEFT JOIN LATERAL (
            SELECT * FROM article_publication WHERE sequence > $1 ORDER BY sequence LIMIT ${LOG_PAGE}
          ) p ON true ORDER BY p.sequence`,
        values: [after],
      });
      const [newest, issued] = rows[0]!;
      // Transactions that were rolled back leave gaps, and articles are deleted with their publications.
      const entries = rows.flatMap(([, , sequence, articleId]) =>
        sequence === null ? [] : { sequence, articleId: articleId! },
      );
      // Its readers never resume from a cursor, so the article and the epoch of its positions have no meaning.
      return { position: { articleId: 0, epoch: 0, sequence: newest }, entries, publication: null, issued };
    },
  };
}
