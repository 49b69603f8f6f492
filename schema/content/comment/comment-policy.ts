import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import type { Settings } from '../settings.ts';

/**
 * The policy that holds for an article: its own, or the operator's for all that have none. Pure.
 * @param own as the column has it; null follows the default, also when that changes later
 */
export function policyOf(own: CommentPolicy | null, { commentPolicy }: Pick<Settings, 'commentPolicy'>): CommentPolicy {
  return own ?? commentPolicy;
}
