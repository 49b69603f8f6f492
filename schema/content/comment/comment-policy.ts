import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import type { SignedInViewer } from '../context.ts';
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
