import type { ArticleStatus } from '../../../prisma/client/enums.ts';
import type { SignedInViewer } from '../context.ts';
import { ForbiddenError, NotFoundError } from '../errors.ts';
import { articleEditVerdict, articleScopeOf } from './article-rules.ts';

/**
 * The viewer, if their role may write articles. It is checked before anything is looked up, so that other viewers get one
 * answer for every article.
 * @throws ForbiddenError
 */
export function requireWriter(viewer: SignedInViewer | null): SignedInViewer {
  if (!viewer) throw new ForbiddenError('Sign in as a writer to do this.');
  if (articleScopeOf(viewer) === 'PUBLIC') throw new ForbiddenError('Only writers, moderators and admins may do this.');
  return viewer;
}

/**
 * The article, if the viewer may edit it.
 * @param article null when it does not exist
 * @throws NotFoundError also for an article that the viewer may not know of, ForbiddenError for another writer's public one
 */
export function requireEditable<Article extends { authorId: number; status: ArticleStatus }>(
  viewer: SignedInViewer,
  article: Article | null,
): Article {
  if (!article) throw new NotFoundError('There is no such article.');
  switch (articleEditVerdict(viewer, article)) {
    case 'NOT_FOUND':
      throw new NotFoundError('There is no such article.');
    case 'FORBIDDEN':
      throw new ForbiddenError('Writers may change only what they wrote themselves.');
    case 'ALLOWED':
      return article;
  }
}
