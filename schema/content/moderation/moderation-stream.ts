import type { ModerationAction } from '../../../prisma/client/enums.ts';
import { commentOfAnyArticle } from '../comment/comment-lists.ts';
import type { Context } from '../context.ts';
import { ForbiddenError } from '../errors.ts';
import type { LoggedModerationFact } from '../events.ts';
import { isModerator } from '../roles.ts';
import type { CommentRow } from '../row-types.ts';
import type { Selection } from '../selection.ts';

/** An event for moderators, with its comment as it is now. */
export type ModerationEventRow = { at: Date; comment: CommentRow } & (
  | { type: 'CommentHeld'; reasons: readonly string[] }
  | { type: 'CommentReported'; openReports: number }
  | { type: 'CommentDecided'; action: ModerationAction | null; by: number }
);

/**
 * The events of the moderators' queue: a comment begins to wait, a reader reports one, a moderator decides about one. Events of
 * deleted comments are left out. The gateway ends the stream when the queue changes without events (`RESTART_MODERATION_LOG`).
 * @param comment fields selected of each event's comment
 * @throws ForbiddenError for everybody but moderators
 */
export function moderationEventStream(
  { live, viewer }: Context,
  comment: Selection,
): AsyncIterable<ModerationEventRow> {
  if (!isModerator(viewer)) throw new ForbiddenError('Only moderators get the events of moderation.');
  return live.moderation({
    async load(logged, now) {
      const rows = new Map<number, Promise<CommentRow | null>>();
      for (const { commentId } of logged)
        if (!rows.has(commentId)) rows.set(commentId, commentOfAnyArticle(now, commentId, comment));
      return Promise.all(
        logged.map(async (fact) => {
          const row = await rows.get(fact.commentId)!;
          return row && eventRow(fact, row);
        }),
      );
    },
  });
}

function eventRow(fact: LoggedModerationFact, comment: CommentRow): ModerationEventRow {
  const { at } = fact;
  switch (fact.moderation) {
    case 'HELD':
      return { type: 'CommentHeld', at, comment, reasons: fact.reasons };
    case 'REPORTED':
      return { type: 'CommentReported', at, comment, openReports: fact.openReports };
    case 'DECIDED':
      return { type: 'CommentDecided', at, comment, action: fact.action, by: fact.by };
  }
}
