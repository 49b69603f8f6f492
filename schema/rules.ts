import type { CommentPolicy } from '../prisma/client/enums.ts';

// Pure decisions: values in, a verdict out. No database, no clock, no context.

/** Why a moderator has to see a comment first; empty to let it through. */
export function holdReasons({ policy }: { policy: CommentPolicy }): string[] {
  return policy === 'MODERATED' ? ['Every comment on this article waits for a moderator.'] : [];
}
