import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import type { Settings } from '../settings.ts';

/**
 * The policy of an article: its own, or the operator's default. Pure.
 * @param own null follows the default, also when that changes later
 */
export function policyOf(own: CommentPolicy | null, { commentPolicy }: Pick<Settings, 'commentPolicy'>): CommentPolicy {
  return own ?? commentPolicy;
}
