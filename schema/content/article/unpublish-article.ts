import type { Context, Queryable, SignedInViewer } from '../context.ts';
import type { ArticleRow } from '../row-types.ts';
import { checkArticleId } from './article-input.ts';
import { reloadArticle } from './article-reader.ts';
import { requireWriter } from './article-rights.ts';
import { lockArticleForEdit } from './editable-article.ts';

export interface UnpublishArticleInput {
  id: string;
}

/**
 * Withdraws an article from readers: a public one is archived and keeps its discussion, a scheduled one becomes a draft.
 * Articles of any other status stay as they are.
 * @throws ForbiddenError, NotFoundError, RateLimitedError
 */
export async function unpublishArticle(context: Context, input: UnpublishArticleInput): Promise<ArticleRow> {
  const editor = requireWriter(context.viewer);
  await context.consumeRateLimit('article');
  const id = checkArticleId(input.id);
  await context.change((tx) => unpublish(tx, id, editor));
  return reloadArticle(context, id);
}

async function unpublish(tx: Queryable, id: number, editor: SignedInViewer): Promise<void> {
  const { status } = await lockArticleForEdit(tx, id, editor);
  if (status !== 'PUBLISHED' && status !== 'SCHEDULED') return;
  await tx.query({
    name: 'article-unpublish',
    text: `UPDATE article SET status = CASE status WHEN 'PUBLISHED' THEN 'ARCHIVED' ELSE 'DRAFT' END::"ArticleStatus",
        published_at = CASE status WHEN 'PUBLISHED' THEN published_at END
      WHERE id = $1`,
    values: [id],
  });
}
