import type { ArticleStatus } from '../../../prisma/client/enums.ts';
import type { SignedInViewer } from '../context.ts';

// Pure decisions: values in, a verdict out. No database, no clock, no context.

/** Which articles somebody may read: what is public; besides that their own; or every one. */
export type ArticleScope = 'PUBLIC' | 'OWN' | 'ALL';

/** Writers see what they write, moderators and admins what anybody writes. Who only reads sees what is public. */
export function articleScopeOf(viewer: Pick<SignedInViewer, 'role'> | null): ArticleScope {
  switch (viewer?.role) {
    case 'WRITER':
      return 'OWN';
    case 'MODERATOR':
    case 'ADMIN':
      return 'ALL';
    default:
      return 'PUBLIC';
  }
}

/** MISSING is for what the viewer may not know of: it is answered as if there were no such article. */
export type ArticleEditVerdict = 'ALLOWED' | 'FORBIDDEN' | 'MISSING';

/** Whether somebody may change an article and see what it was before. */
export function articleEditVerdict(
  viewer: { role: SignedInViewer['role']; author: { id: number } } | null,
  article: { authorId: number; status: ArticleStatus },
): ArticleEditVerdict {
  const sight = articleScopeOf(viewer);
  if (sight === 'ALL' || (sight === 'OWN' && viewer?.author.id === article.authorId)) return 'ALLOWED';
  return article.status === 'PUBLISHED' ? 'FORBIDDEN' : 'MISSING';
}
