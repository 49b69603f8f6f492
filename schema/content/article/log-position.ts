import type { Context } from '../context.ts';
import { encodeEventCursor } from '../event-cursor.ts';
import type { LogPosition } from '../events.ts';
import { loadColumn } from '../load-column.ts';
import type { ArticleRow } from '../row-types.ts';
import { articleLoader } from './article-reader.ts';

export type LoggedArticle = Pick<ArticleRow, 'id' | 'eventEpoch' | 'eventSequence' | 'lastEventAt'>;

/** The position of an article's log when its row was read, without a promise where the row has it. */
export function logPositionOf(
  context: Context,
  { id, eventEpoch, eventSequence, lastEventAt }: LoggedArticle,
): LogPosition | Promise<LogPosition> {
  if (eventEpoch === undefined || eventSequence === undefined || lastEventAt === undefined)
    return loadLogPosition(context, id);
  return { articleId: id, epoch: eventEpoch, sequence: eventSequence, at: lastEventAt };
}

async function loadLogPosition(context: Context, id: number): Promise<LogPosition> {
  const loader = articleLoader(context);
  const [epoch, sequence, at] = await Promise.all([
    loadColumn(loader, id, 'eventEpoch'),
    loadColumn(loader, id, 'eventSequence'),
    loadColumn(loader, id, 'lastEventAt'),
  ]);
  return { articleId: id, epoch, sequence, at };
}

/** The cursor of that position. */
export function liveCursorOf(context: Context, article: ArticleRow): string | Promise<string> {
  const position = logPositionOf(context, article);
  return position instanceof Promise ? position.then(encodeEventCursor) : encodeEventCursor(position);
}
