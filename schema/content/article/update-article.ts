import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import { policyOf } from '../comment/comment-policy.ts';
import type { Context, Queryable } from '../context.ts';
import { ConflictError } from '../errors.ts';
import type { ArticleRow } from '../row-types.ts';
import type { Settings } from '../settings.ts';
import { lockSlugs } from '../slug-lock.ts';
import { excerptOf } from '../text/excerpt.ts';
import { RENDERING_VERSION } from '../text/render.ts';
import type { RenderedArticle } from '../text/renderings.ts';
import { findOrCreateTopics } from '../topic/find-or-create-topics.ts';
import { changesArticle, hasMarkdown } from './article-changes.ts';
import { coverColumns } from './article-cover.ts';
import { type ArticleInput, type CheckedArticle, checkArticle, checkArticleId } from './article-input.ts';
import { reloadArticle } from './article-reader.ts';
import { requireWriter } from './article-rights.ts';
import { claimSlug, keepFormerSlug } from './article-slug.ts';
import { setTopics } from './article-topics.ts';
import { type LockedArticle, lockArticleForEdit } from './editable-article.ts';
import { renderMarkdown } from './render-markdown.ts';
import { saveImportedRevision, saveRevision } from './save-revision.ts';

export interface UpdateArticleInput extends ArticleInput {
  id: string;
  /** The version that the client read. */
  expectedVersion: number;
}

/**
 * Changes the fields of an article that the input has, and saves a revision. Without any change there is no new version,
 * no revision, and no new `updatedAt`.
 * @throws ForbiddenError, NotFoundError, InvalidInputError, RateLimitedError, ConflictError when the article has another
 * version or the slug is not free
 */
export async function updateArticle(context: Context, input: UpdateArticleInput): Promise<ArticleRow> {
  const editor = requireWriter(context.viewer);
  await context.consumeRateLimit('article');
  const id = checkArticleId(input.id);
  const article = await withoutSameMarkdown(context, { ...input, id }, checkArticle(input, context.settings));
  const rendered = article.markdown === null ? null : await renderMarkdown(context, article.markdown);
  await context.change(async (tx, emit) => {
    const before = await lockArticleForEdit(tx, id, editor);
    requireVersion(before, input.expectedVersion);
    await save(tx, before, { ...article, id, rendered, editorId: editor.author.id });
    if (changesPolicy(context.settings, before.commentPolicy, article.commentPolicy))
      emit({ articleId: id, kind: 'DISCUSSION', authorId: null });
  });
  return reloadArticle(context, id);
}

/** The same without Markdown that the article has already: it is neither rendered nor saved again. */
async function withoutSameMarkdown(
  context: Context,
  { id, expectedVersion: version }: { id: number; expectedVersion: number },
  article: CheckedArticle,
): Promise<CheckedArticle> {
  const { markdown } = article;
  const isSame = markdown !== null && (await hasMarkdown(context, { id, version, markdown }));
  return isSame ? { ...article, markdown: null } : article;
}

interface ArticleSave extends CheckedArticle {
  id: number;
  editorId: number;
  rendered: RenderedArticle | null;
}

async function save(tx: Queryable, before: LockedArticle, article: ArticleSave): Promise<void> {
  const { id, slug, rendered, editorId } = article;
  if (slug !== null || article.topics) await lockSlugs(tx);
  const excerpt = excerptToStore(article.excerpt, before, rendered);
  const topicIds = article.topics && (await findOrCreateTopics(tx, article.topics));
  if (!(await changesArticle(tx, id, { ...article, excerpt, topicIds }))) return;
  await saveImportedRevision(tx, id);
  if (slug !== null && slug !== before.slug) {
    await claimSlug(tx, slug, id);
    await keepFormerSlug(tx, { id, from: before.slug, to: slug });
  }
  await updateColumns(tx, id, { ...article, excerpt, rendered });
  if (topicIds) await setTopics(tx, id, topicIds);
  await saveRevision(tx, id, editorId);
}

/** Whether readers see another policy than before. @param wanted undefined keeps the present one */
function changesPolicy(
  settings: Settings,
  present: CommentPolicy | null,
  wanted: CommentPolicy | null | undefined,
): boolean {
  return wanted !== undefined && policyOf(wanted, settings) !== policyOf(present, settings);
}

/** @throws ConflictError */
function requireVersion({ version }: LockedArticle, expected: number): void {
  if (version !== expected)
    throw new ConflictError(
      `The article is at version ${version}, not ${expected}: it was saved meanwhile. Read it again and repeat the change.`,
    );
}

/** The excerpt to store, or null to keep the present one. An excerpt that was made of the text follows the text. */
function excerptToStore(wanted: string | null, before: LockedArticle, rendered: RenderedArticle | null): string | null {
  if (wanted) return wanted;
  const followsText = wanted === '' || before.excerpt === excerptOf(before.bodyText);
  return followsText ? (rendered?.excerpt ?? excerptOf(before.bodyText)) : null;
}

interface ChangedColumns extends CheckedArticle {
  rendered: RenderedArticle | null;
}

async function updateColumns(tx: Queryable, id: number, changed: ChangedColumns): Promise<void> {
  const { title, slug, excerpt, markdown, rendered, commentPolicy, cover, language } = changed;
  await tx.query({
    name: 'article-update',
    text: `UPDATE article SET title = coalesce($2, title), slug = coalesce($3, slug), excerpt = coalesce($4, excerpt),
        body_source = coalesce($5, body_source),
        body_format = CASE WHEN $5::text IS NULL THEN body_format ELSE 'MARKDOWN' END,
        body_html = coalesce($6, body_html), body_text = coalesce($7, body_text),
        reading_minutes = coalesce($8, reading_minutes),
        rendering = CASE WHEN $6::text IS NULL THEN rendering ELSE $17 END,
        comment_policy = CASE WHEN $16 THEN $9::"CommentPolicy" ELSE comment_policy END,
        cover_url = CASE WHEN $15 THEN $10 ELSE cover_url END, cover_alt = CASE WHEN $15 THEN $11 ELSE cover_alt END,
        cover_caption = CASE WHEN $15 THEN $12 ELSE cover_caption END,
        cover_width = CASE WHEN $15 THEN $13::int ELSE cover_width END,
        cover_height = CASE WHEN $15 THEN $14::int ELSE cover_height END,
        language = CASE WHEN $18 THEN $19 ELSE language END,
        version = version + 1, updated_at = clock_timestamp()
      WHERE id = $1`,
    values: [
      ...[id, title, slug, excerpt, markdown],
      ...[rendered?.html ?? null, rendered?.text ?? null, rendered?.readingMinutes ?? null],
      ...[commentPolicy ?? null, ...coverColumns(cover), cover !== undefined, commentPolicy !== undefined],
      ...[RENDERING_VERSION, language !== undefined, language ?? null],
    ],
  });
}
