import type { Context, Queryable } from '../context.ts';
import { queryRow } from '../query.ts';
import type { ArticleRow } from '../row-types.ts';
import { lockSlugs } from '../slug-lock.ts';
import { RENDERING_VERSION } from '../text/render.ts';
import type { RenderedArticle } from '../text/renderings.ts';
import { findOrCreateTopics } from '../topic/find-or-create-topics.ts';
import { coverColumns } from './article-cover.ts';
import { type CheckedArticle, checkArticle, type NewArticleInput } from './article-input.ts';
import { reloadArticle } from './article-reader.ts';
import { requireWriter } from './article-rights.ts';
import { claimSlug, slugFromTitle } from './article-slug.ts';
import { setTopics } from './article-topics.ts';
import { renderMarkdown } from './render-markdown.ts';
import { saveRevision } from './save-revision.ts';

/**
 * Creates an article, a draft of the viewer's, with its topics and its first revision.
 * @throws ForbiddenError, InvalidInputError, RateLimitedError, ConflictError when the wanted slug is not free
 */
export async function createArticle(context: Context, input: NewArticleInput): Promise<ArticleRow> {
  const { author } = requireWriter(context.viewer);
  await context.consumeRateLimit('article');
  const article = checkArticle(input, context.settings);
  const rendered = await renderMarkdown(context, article.markdown);
  const id = await context.change(async (tx) => {
    await lockSlugs(tx);
    if (article.slug !== null) await claimSlug(tx, article.slug, null);
    const slug = article.slug ?? (await slugFromTitle(tx, article.title));
    const newId = await insertArticle(tx, { ...article, slug, authorId: author.id }, rendered);
    if (article.topics) await setTopics(tx, newId, await findOrCreateTopics(tx, article.topics));
    await saveRevision(tx, newId, author.id);
    return newId;
  });
  return reloadArticle(context, id);
}

interface NewArticle extends CheckedArticle {
  authorId: number;
  title: string;
  slug: string;
  markdown: string;
}

async function insertArticle(tx: Queryable, article: NewArticle, rendered: RenderedArticle): Promise<number> {
  const { authorId, title, slug, excerpt, markdown, commentPolicy, cover, language } = article;
  const { html, text, readingMinutes } = rendered;
  const [id] = await queryRow<[id: number]>(tx, {
    name: 'article-insert',
    text: `INSERT INTO article (author_id, title, slug, excerpt, body_source, body_format, body_html, body_text,
        reading_minutes, comment_policy, cover_url, cover_alt, cover_caption, cover_width, cover_height, rendering,
        language, created_at, updated_at)
      VALUES ($1, $2, $3, $4, $5, 'MARKDOWN', $6, $7, $8, $9::"CommentPolicy", $10, $11, $12, $13, $14, $15, $16,
        clock_timestamp(), clock_timestamp())
      RETURNING id`,
    values: [
      ...[authorId, title, slug, excerpt || rendered.excerpt, markdown, html, text],
      ...[readingMinutes, commentPolicy ?? null, ...coverColumns(cover), RENDERING_VERSION, language ?? null],
    ],
  });
  return id;
}
