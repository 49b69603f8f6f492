import type { ArticleStatus, CommentPolicy } from '../../../prisma/client/enums.ts';
import type { Queryable, SignedInViewer } from '../context.ts';
import { requireEditable } from './article-rights.ts';

/** An article before a change, its row locked until the end of the transaction. */
export interface LockedArticle {
  authorId: number;
  status: ArticleStatus;
  /** Null follows the default. */
  commentPolicy: CommentPolicy | null;
  version: number;
  slug: string;
  excerpt: string;
  bodyText: string;
}

type Columns = [
  ...[authorId: number, status: ArticleStatus, commentPolicy: CommentPolicy | null, version: number],
  ...[slug: string, excerpt: string, bodyText: string],
];

/** @throws NotFoundError, ForbiddenError unless the viewer may edit the article */
export async function lockArticleForEdit(tx: Queryable, id: number, viewer: SignedInViewer): Promise<LockedArticle> {
  const [row] = await tx.query<Columns>({
    name: 'article-edit-lock',
    text: `SELECT author_id, status, comment_policy, version, slug, excerpt, body_text FROM article WHERE id = $1 FOR NO KEY UPDATE`,
    values: [id],
  });
  return requireEditable(viewer, row ? lockedArticle(row) : null);
}

function lockedArticle([authorId, status, commentPolicy, version, slug, excerpt, bodyText]: Columns): LockedArticle {
  return { authorId, status, commentPolicy, version, slug, excerpt, bodyText };
}
