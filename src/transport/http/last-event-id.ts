import type { IncomingMessage } from 'node:http';
import { decodeEventCursor } from '../../../schema/content/event-cursor.ts';
import type { Refusal } from '../refusal.ts';

/**
 * The id of the event that ends a stream for good. A browser's EventSource connects again after every end, and then sends the
 * id of the last event: only so can it be recognised and told to stop.
 */
export const COMPLETE_ID = 'complete';

/** The id of the last event that the client of an event stream has received; null when it has received none. */
export function lastEventIdOf({ headers }: IncomingMessage): string | null {
  // Node.js joins several headers of this name, and then they are no id.
  return String(headers['last-event-id'] ?? '') || null;
}

/** Refuses an id that no event has; null for an id of an event, and for none. */
export function refuseEventId(id: string | null): Refusal | null {
  return id === null || decodeEventCursor(id) !== null
    ? null
    : { status: 400, code: 'BAD_USER_INPUT', message: 'The header Last-Event-ID is not the id of an event.' };
}
