import type { ArticleStatus } from '../../../prisma/client/enums.ts';
import type { SignedInViewer } from '../context.ts';

// Pure decisions: values in, a verdict out. No database, no clock, no context.

/** The articles that a viewer may read: public ones, also their own, or all. */
export type ArticleScope = 'PUBLIC' | 'OWN' | 'ALL';

/** Readers read public articles, writers also their own, moderators and admins all. */
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

/** NOT_FOUND is for an article that the viewer may not know of: the answer is that of an article that does not exist. */
type ArticleEditVerdict = 'ALLOWED' | 'FORBIDDEN' | 'NOT_FOUND';

/** Whether a viewer may change an article and read its revisions. */
export function articleEditVerdict(
  viewer: { role: SignedInViewer['role']; author: { id: number } } | null,
  article: { authorId: number; status: ArticleStatus },
): ArticleEditVerdict {
  const scope = articleScopeOf(viewer);
  if (scope === 'ALL' || (scope === 'OWN' && viewer?.author.id === article.authorId)) return 'ALLOWED';
  return article.status === 'PUBLISHED' ? 'FORBIDDEN' : 'NOT_FOUND';
}
