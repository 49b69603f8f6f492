import { fnv1a } from './checksum.ts';
import type { LogPosition } from './events.ts';

const MAX_INT = 2 ** 31 - 1;

/** The public form of a position in an article's log: the graph's scalar `EventCursor`. */
export function encodeEventCursor({ articleId, epoch, sequence }: LogPosition): string {
  const position = `${articleId}:${epoch}:${sequence}`;
  return Buffer.from(`${position}:${fnv1a(position).toString(36)}`).toString('base64url');
}

/** Null when the text is not an event cursor. The caller checks whether it fits an article and its log. */
export function decodeEventCursor(cursor: string): LogPosition | null {
  const match = /^(\d{1,10}):(\d{1,10}):(\d{1,10}):\w+$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (!match) return null;
  const [articleId, epoch, sequence] = match.slice(1).map(Number) as [number, number, number];
  const position = { articleId, epoch, sequence };
  // Only the exact text that was encoded: a cursor that was cut or changed is not valid.
  return encodeEventCursor(position) === cursor && Math.max(articleId, epoch, sequence) <= MAX_INT ? position : null;
}
