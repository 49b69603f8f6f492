import type { Context } from '../context.ts';
import type { ArticleRow } from '../row-types.ts';
import type { Selection } from '../selection.ts';
import { publishedArticle } from './find-article.ts';

/**
 * Articles as they become public. One that is archived again before it is read is left out.
 * @param topic slug of a topic, which need not exist yet; null for articles about any
 */
export function publishedArticleStream(
  { live }: Context,
  topic: string | null,
  article: Selection,
): AsyncIterable<ArticleRow> {
  return live.publications({
    load: (publications, now) =>
      Promise.all(publications.map(({ articleId }) => publishedArticle(now, { id: articleId, topic }, article))),
  });
}
