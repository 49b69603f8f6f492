import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import type { Context, SignedInViewer } from '../context.ts';
import { CommentsClosedError, NotFoundError } from '../errors.ts';
import { isStaff } from '../roles.ts';
import type { Settings } from '../settings.ts';

/**
 * The policy of an article: its own, or the operator's default. Pure.
 * @param own null follows the default, also when that changes later
 */
export function policyOf(own: CommentPolicy | null, { commentPolicy }: Pick<Settings, 'commentPolicy'>): CommentPolicy {
  return own ?? commentPolicy;
}

/** Whether a discussion takes edits of its comments from the viewer. A closed one does from staff alone. Pure. */
export function takesEdits(policy: CommentPolicy, viewer: SignedInViewer | null): boolean {
  return policy !== 'CLOSED' || isStaff(viewer);
}

/**
 * The policy of a discussion that takes comments.
 * @param article the policy of the article's own; undefined for an article that is not published
 * @throws NotFoundError, CommentsClosedError
 */
export function requireOpenDiscussion(
  { settings }: Context,
  article: readonly [policy: CommentPolicy | null] | undefined,
): CommentPolicy {
  if (!article) throw new NotFoundError('There is no such article.');
  const policy = policyOf(article[0], settings);
  if (policy === 'CLOSED') throw new CommentsClosedError('This article takes no comments.');
  return policy;
}
