import type { ArticleStatus } from '../../../prisma/client/enums.ts';
import type { Queryable, SignedInViewer } from '../context.ts';
import { requireEditable } from './article-rights.ts';

/** The columns of an article that the rules of editing and publishing read. */
export interface ArticleState {
  authorId: number;
  status: ArticleStatus;
}

/** An article before a change, its row locked until the end of the transaction. */
export interface LockedArticle extends ArticleState {
  version: number;
  slug: string;
  excerpt: string;
  bodyText: string;
}

type Columns = [
  ...[authorId: number, status: ArticleStatus, version: number],
  ...[slug: string, excerpt: string, bodyText: string],
];

/** @throws NotFoundError, ForbiddenError unless the viewer may edit the article */
export async function lockArticleForEdit(tx: Queryable, id: number, viewer: SignedInViewer): Promise<LockedArticle> {
  const [row] = await tx.query<Columns>({
    name: 'article-edit-lock',
    text: `SELECT author_id, status, version, slug, excerpt, body_text FROM article WHERE id = $1 FOR NO KEY UPDATE`,
    values: [id],
  });
  return requireEditable(viewer, row ? lockedArticle(row) : null);
}

function lockedArticle([authorId, status, version, slug, excerpt, bodyText]: Columns): LockedArticle {
  return { authorId, status, version, slug, excerpt, bodyText };
}

/** The same without a lock: it may change before the transaction. @throws NotFoundError, ForbiddenError */
export async function readArticleForEdit(db: Queryable, id: number, viewer: SignedInViewer): Promise<ArticleState> {
  const [row] = await db.query<[authorId: number, status: ArticleStatus]>({
    name: 'article-edit-state',
    text: 'SELECT author_id, status FROM article WHERE id = $1',
    values: [id],
  });
  return requireEditable(viewer, row ? { authorId: row[0], status: row[1] } : null);
}
