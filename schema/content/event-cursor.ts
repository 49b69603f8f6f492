import { fnv1a } from './checksum.ts';
import type { LogPosition } from './events.ts';

const MAX_INT = 2 ** 31 - 1;

/**
 * The public form of a position in an article's log: the graph's scalar `EventCursor`. Without a time it is what earlier
 * versions issued.
 */
export function encodeEventCursor({ articleId, epoch, sequence, at }: LogPosition): string {
  const position = [articleId, epoch, sequence, ...(at ? [at.getTime().toString(36)] : [])].join(':');
  return Buffer.from(`${position}:${fnv1a(position).toString(36)}`).toString('base64url');
}

/** UTF-16 code units: more than a cursor has. A longer text is not decoded, since an operation may repeat it thousands of times. */
const MAX_LENGTH = 100;

const POSITION = /^(\d{1,10}):(\d{1,10}):(\d{1,10})(?::(-?[0-9a-z]{1,11}))?:\w+$/;

/** Null when the text is not an event cursor. The caller checks whether it fits an article and its log. */
export function decodeEventCursor(cursor: string): LogPosition | null {
  if (cursor.length > MAX_LENGTH) return null;
  const match = POSITION.exec(Buffer.from(cursor, 'base64url').toString());
  if (!match) return null;
  const [articleId, epoch, sequence] = match.slice(1, 4).map(Number) as [number, number, number];
  const time = match[4];
  const position = { articleId, epoch, sequence, at: time === undefined ? null : new Date(Number.parseInt(time, 36)) };
  // Only the exact text that was encoded: a cursor that was cut or changed is not valid.
  return encodeEventCursor(position) === cursor && Math.max(articleId, epoch, sequence) <= MAX_INT ? position : null;
}
