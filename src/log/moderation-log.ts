import type { ModerationAction } from '../../prisma/client/enums.ts';
import type { Queryable } from '../../schema/content/context.ts';
import type { LoggedModerationFact } from '../../schema/content/events.ts';
import { MODERATION_TOPIC } from '../bus/index.ts';
import { type EventLog, LOG_PAGE } from './event-log.ts';

type Columns = [
  ...[sequence: number, kind: LoggedModerationFact['moderation'], commentId: number, at: Date],
  ...[reasons: string[], openReports: number, action: ModerationAction | null, by: number],
];

/** The log of what moderators are notified of. */
export function moderationLog(db: Queryable): EventLog<LoggedModerationFact> {
  return {
    topic: MODERATION_TOPIC,
    async read(after) {
      const rows = await db.query<[newest: number, ...(Columns | [null])]>({
        name: 'moderation-read',
        text: `SELECT newest.sequence, e.sequence, e.kind, e.comment_id, e.at, e.reasons, e.open_reports, e.action, e.author_id
          FROM (SELECT coalesce(max(sequence), 0) AS sequence FROM moderation_event) newest LEFT JOIN LATERAL (
            SELECT * FROM moderation_event WHERE sequence > $1 ORDER BY sequence LIMIT ${LOG_PAGE}
          ) e ON true ORDER BY e.sequence`,
        values: [after],
      });
      const entries = rows.flatMap(([, ...columns]) => (columns[0] === null ? [] : loggedFact(columns as Columns)));
      // Its readers never resume from a cursor, so the article and the epoch of its positions have no meaning.
      return { position: { articleId: 0, epoch: 0, sequence: rows[0]![0] }, entries, publication: null };
    },
  };
}

function loggedFact(columns: Columns): LoggedModerationFact {
  const [sequence, moderation, commentId, at, reasons, openReports, action, by] = columns;
  const entry = { sequence, commentId, at };
  switch (moderation) {
    case 'HELD':
      return { ...entry, moderation, reasons };
    case 'REPORTED':
      return { ...entry, moderation, openReports };
    case 'DECIDED':
      return { ...entry, moderation, action, by };
  }
}
