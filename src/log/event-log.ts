import type { Queryable } from '../../schema/content/context.ts';
import type { LoggedEvent, LogPosition, Publication } from '../../schema/content/events.ts';
import { articleTopic, PUBLICATIONS_TOPIC } from '../bus/index.ts';

/**
 * Entries that are read, and made into answers, at a time at most. Who catches up holds one page while its connection
 * takes it, so a crowd of them, each at another place, holds as many.
 */
export const LOG_PAGE = 100;

/** A log as it was at one moment: how far it had come, and some of its entries. */
export interface LogPage<Entry> {
  /** Its newest entry. Null when nobody may follow it any more: the article is gone, or not public. */
  position: LogPosition | null;
  /**
   * The oldest entries after the sequence that was asked for, up to the next whole multiple of LOG_PAGE: those who go on
   * from different places come to the same pages.
   */
  entries: Entry[];
}

/** A sequence of entries that only grows; what was read once is never otherwise. */
export interface EventLog<Entry extends { sequence: number }> {
  /** What the bus calls it. */
  topic: string;
  /** @param after a sequence; null to read no entries, only how far the log has come */
  read(after: number | null): Promise<LogPage<Entry>>;
}

/** Read with the first row of a page where there is no entry. */
type Absent = [null, null, null, null];
type EventColumns = [sequence: number, kind: LoggedEvent['kind'], commentId: number, at: Date];

/** The log of one article's discussion. */
export function discussionLog(db: Queryable, articleId: number): EventLog<LoggedEvent> {
  return {
    topic: articleTopic(articleId),
    async read(after) {
      const rows = await db.query<[number, number, ...(EventColumns | Absent)]>({
        name: 'log-read',
        // Position and entries by one statement: they are of one moment.
        text: `SELECT a.event_epoch, a.event_sequence, e.sequence, e.kind, e.comment_id, e.at
          FROM article a LEFT JOIN LATERAL (
            SELECT * FROM comment_event WHERE article_id = a.id AND sequence > $2 ORDER BY sequence
            LIMIT ${LOG_PAGE} - $2 % ${LOG_PAGE}
          ) e ON true
          WHERE a.id = $1 AND a.status = 'PUBLISHED' ORDER BY e.sequence`,
        values: [articleId, after],
      });
      const [first] = rows;
      if (!first) return { position: null, entries: [] };
      const [epoch, last] = first;
      const entries = rows.flatMap(([, , sequence, kind, commentId, at]) =>
        sequence === null ? [] : { articleId, epoch, sequence, kind, commentId, at },
      );
      return { position: { articleId, epoch, sequence: last }, entries };
    },
  };
}

/** What a gateway asks every few seconds of all articles that are followed. */
export const LOG_POSITIONS = `SELECT id, event_epoch, event_sequence FROM article WHERE id = ANY($1) AND status = 'PUBLISHED'`;

/** Where the logs of articles are now; one that nobody may follow any more is left out. */
export async function logPositions(db: Queryable, articleIds: readonly number[]): Promise<LogPosition[]> {
  const rows = await db.query<[number, number, number]>({
    name: 'log-positions',
    text: LOG_POSITIONS,
    values: [articleIds],
  });
  return rows.map(([articleId, epoch, sequence]) => ({ articleId, epoch, sequence }));
}

/** The log of articles becoming public. */
export function publicationLog(db: Queryable): EventLog<Publication> {
  return {
    topic: PUBLICATIONS_TOPIC,
    async read(after) {
      const rows = await db.query<[number, number | null, number | null]>({
        name: 'publications-read',
        text: `SELECT newest.sequence, p.sequence, p.article_id
          FROM (SELECT coalesce(max(sequence), 0) AS sequence FROM article_publication) newest LEFT JOIN LATERAL (
            SELECT * FROM article_publication WHERE sequence > $1 ORDER BY sequence LIMIT ${LOG_PAGE}
          ) p ON true ORDER BY p.sequence`,
        values: [after],
      });
      const entries = rows.flatMap(([, sequence, articleId]) =>
        sequence === null ? [] : { sequence, articleId: articleId! },
      );
      return { position: { articleId: 0, epoch: 0, sequence: rows[0]![0] }, entries };
    },
  };
}
