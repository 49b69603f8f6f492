import type { ArticleStatus } from '../../../prisma/client/enums.ts';
import type { Queryable, SignedInViewer } from '../context.ts';
import { ForbiddenError, NotFoundError } from '../errors.ts';
import { articleEditVerdict, articleScopeOf } from './article-rules.ts';

/** An article whose row is locked until the end of the transaction, as it is before the change. */
export interface LockedArticle {
  id: number;
  authorId: number;
  status: ArticleStatus;
  version: number;
  slug: string;
  excerpt: string;
  bodyText: string;
}

/**
 * Who may write articles at all. Asked before anything is looked up, so that others get one answer whatever there is.
 * @throws ForbiddenError
 */
export function requireWriter(viewer: SignedInViewer | null): SignedInViewer {
  if (!viewer) throw new ForbiddenError('Sign in as a writer to do this.');
  if (articleScopeOf(viewer) === 'PUBLIC') throw new ForbiddenError('Only writers, moderators and admins may do this.');
  return viewer;
}

/** @throws NotFoundError for an article that is not there or not to be known of, ForbiddenError for somebody else's */
export async function lockArticleForEdit(tx: Queryable, id: number, viewer: SignedInViewer): Promise<LockedArticle> {
  const [row] = await tx.query<[number, ArticleStatus, number, string, string, string]>({
    name: 'article-edit-lock',
    text: `SELECT author_id, status, version, slug, excerpt, body_text FROM article WHERE id = $1 FOR NO KEY UPDATE`,
    values: [id],
  });
  const verdict = row ? articleEditVerdict(viewer, { authorId: row[0], status: row[1] }) : 'MISSING';
  if (!row || verdict === 'MISSING') throw new NotFoundError('There is no such article.');
  if (verdict === 'FORBIDDEN') throw new ForbiddenError('Writers may change only what they wrote themselves.');
  const [authorId, status, version, slug, excerpt, bodyText] = row;
  return { id, authorId, status, version, slug, excerpt, bodyText };
}
