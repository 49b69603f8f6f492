import { type LoggedArticle, logPositionOf } from '../article/log-position.ts';
import type { Context } from '../context.ts';
import { decodeEventCursor } from '../event-cursor.ts';
import { type LogPosition, withTime } from '../events.ts';
import { pageSize } from '../list/paging.ts';
import type { Selection } from '../selection.ts';
import { resumeFault, resyncRequired, type StreamEvent, streamEvent } from './comment-stream.ts';
import { readEventsAfter } from './logged-events.ts';

/** Events of a page when the query gives no number. */
const DEFAULT_EVENTS = 100;

export interface EventPageArguments {
  after: string;
  first?: number | null | undefined;
}

export interface EventPage {
  events: StreamEvent[];
  position: LogPosition;
  hasMore: boolean;
}

/**
 * The events of an article after a cursor.
 * @param comment fields selected of each event's comment
 * @throws BadUserInputError for a size out of range
 */
export async function eventPage(
  context: Context,
  article: LoggedArticle,
  { after, first, comment }: EventPageArguments & { comment: Selection },
): Promise<EventPage> {
  const size = pageSize('first', first, DEFAULT_EVENTS);
  // Its notices have the time of now.
  if (context.dependencies) context.dependencies.isReusable = false;
  const before = await logPositionOf(context, article);
  const from = decodeEventCursor(after);
  const start = from && { ...before, sequence: from.sequence };
  const rows = start ? await readEventsAfter(context, start, { comment, size: size + 1 }) : [];
  // The log may have been restarted since the article's statement.
  const now = { ...before, epoch: rows[0]?.epoch ?? before.epoch };
  // Events committed between the article's statement and this one are in the page, too.
  const position = { ...now, sequence: Math.max(now.sequence, rows.at(-1)?.sequence ?? 0) };
  const log = { position, first: rows[0] ?? null };
  const fault = resumeFault(from, log);
  if (fault !== null || !from) return { events: [resyncRequired(now, fault ?? '')], position: now, hasMore: false };
  const page = rows.slice(0, size);
  const last = page.at(-1);
  return {
    events: page.flatMap((row) => streamEvent(context, row, from) ?? []),
    position: last ? { ...from, sequence: last.sequence, at: last.at } : withTime(from, log),
    hasMore: rows.length > size,
  };
}
