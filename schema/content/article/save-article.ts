import type { Context, Queryable } from '../context.ts';
import { ConflictError } from '../errors.ts';
import { queryRow } from '../query.ts';
import { excerptOf, readingMinutes, renderText } from '../text/render.ts';
import type { CheckedArticle } from './article-input.ts';
import { type LockedArticle, lockArticleForEdit, requireWriter } from './article-lock.ts';
import { claimSlug, findOrCreateTopics, keepFormerSlug, lockSlugs, slugFromTitle } from './article-slug.ts';

/**
 * Writes a new article, a draft of the viewer's, with its topics and its first revision.
 * @returns its id
 * @throws ForbiddenError, ConflictError when the slug asked for is not free
 */
export async function createArticle(
  { change, viewer }: Pick<Context, 'change' | 'viewer'>,
  article: CheckedArticle & { title: string; markdown: string },
): Promise<number> {
  const writer = requireWriter(viewer);
  const { title, markdown, cover } = article;
  const { html, text } = renderText(markdown, 'MARKDOWN', 'article');
  return change(async (tx) => {
    await lockSlugs(tx);
    if (article.slug !== null) await claimSlug(tx, article.slug, null);
    const slug = article.slug ?? (await slugFromTitle(tx, title));
    const [id] = await queryRow<[id: number]>(tx, {
      name: 'article-insert',
      text: `INSERT INTO article (author_id, title, slug, excerpt, body_source, body_format, body_html, body_text,
          reading_minutes, comment_policy, cover_url, cover_alt, cover_caption, cover_width, cover_height, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, 'MARKDOWN', $6, $7, $8, $9::"CommentPolicy", $10, $11, $12, $13, $14,
          clock_timestamp(), clock_timestamp())
        RETURNING id`,
      values: [
        writer.author.id,
        title,
        slug,
        article.excerpt || excerptOf(text),
        markdown,
        html,
        text,
        readingMinutes(text),
        article.commentPolicy ?? null,
        ...coverColumns(cover),
      ],
    });
    if (article.topics) await setTopics(tx, id, await findOrCreateTopics(tx, article.topics));
    await saveRevision(tx, id, writer.author.id);
    return id;
  });
}

/**
 * Saves an article's content: all that was said changes, the rest stays. Version and date go up with each save.
 * @param id null for an id that names no article
 * @throws NotFoundError, ForbiddenError, ConflictError when it is at another version or the slug is not free
 */
export async function updateArticle(
  { change, viewer }: Pick<Context, 'change' | 'viewer'>,
  { id, expectedVersion, ...article }: CheckedArticle & { id: number; expectedVersion: number },
): Promise<void> {
  const editor = requireWriter(viewer);
  const { markdown, cover } = article;
  const rendered = markdown === null ? null : renderText(markdown, 'MARKDOWN', 'article');
  await change(async (tx) => {
    const before = await lockArticleForEdit(tx, id, editor);
    if (before.version !== expectedVersion)
      throw new ConflictError(
        `The article is at version ${before.version}, not ${expectedVersion}: it was saved meanwhile. Read it again and repeat the change.`,
      );
    await saveImportedRevision(tx, id);
    if (article.slug !== null || article.topics) await lockSlugs(tx);
    if (article.slug !== null && article.slug !== before.slug) {
      await claimSlug(tx, article.slug, id);
      await keepFormerSlug(tx, { id, from: before.slug, to: article.slug });
    }
    await tx.query({
      name: 'article-update',
      text: `UPDATE article SET title = coalesce($2, title), slug = coalesce($3, slug), excerpt = coalesce($4, excerpt),
          body_source = coalesce($5, body_source),
          body_format = CASE WHEN $5::text IS NULL THEN body_format ELSE 'MARKDOWN' END,
          body_html = coalesce($6, body_html), body_text = coalesce($7, body_text),
          reading_minutes = coalesce($8, reading_minutes), 
          comment_policy = CASE WHEN $16 THEN $9::"CommentPolicy" ELSE comment_policy END,
          cover_url = CASE WHEN $15 THEN $10 ELSE cover_url END, cover_alt = CASE WHEN $15 THEN $11 ELSE cover_alt END,
          cover_caption = CASE WHEN $15 THEN $12 ELSE cover_caption END,
          cover_width = CASE WHEN $15 THEN $13::int ELSE cover_width END,
          cover_height = CASE WHEN $15 THEN $14::int ELSE cover_height END,
          version = version + 1, updated_at = clock_timestamp()
        WHERE id = $1`,
      values: [
        id,
        article.title,
        article.slug,
        excerptToStore(article.excerpt, before, rendered?.text),
        markdown,
        rendered?.html ?? null,
        rendered?.text ?? null,
        rendered ? readingMinutes(rendered.text) : null,
        article.commentPolicy ?? null,
        ...coverColumns(cover),
        cover !== undefined,
        article.commentPolicy !== undefined,
      ],
    });
    if (article.topics) await setTopics(tx, id, await findOrCreateTopics(tx, article.topics));
    await saveRevision(tx, id, editor.author.id);
  });
}

/** The excerpt to store, or null to keep what is there. One that was made of the text follows the text. */
function excerptToStore(asked: string | null, before: LockedArticle, text: string | undefined): string | null {
  if (asked) return asked;
  const follows = asked === '' || before.excerpt === excerptOf(before.bodyText);
  return follows ? excerptOf(text ?? before.bodyText) : null;
}

function coverColumns(cover: CheckedArticle['cover']): (string | number | null)[] {
  return cover ? [cover.url, cover.alt, cover.caption, cover.width, cover.height] : [null, null, null, null, null];
}

/** Makes these the article's topics, in this order. */
async function setTopics(tx: Queryable, id: number, topicIds: number[]): Promise<void> {
  await tx.query({
    name: 'article-topics-set',
    // Topics count their articles, so their rows are locked: in order of id, as everywhere.
    text: `WITH gone AS (DELETE FROM article_topic WHERE article_id = $1 AND topic_id <> ALL($2::int[]))
      INSERT INTO article_topic (article_id, topic_id, position)
      SELECT $1, topic_id, place - 1 FROM unnest($2::int[]) WITH ORDINALITY AS wanted(topic_id, place) ORDER BY topic_id
      ON CONFLICT (article_id, topic_id) DO UPDATE SET position = EXCLUDED.position`,
    values: [id, topicIds],
  });
}

/** Keeps what the article says now. */
async function saveRevision(tx: Queryable, id: number, editorId: number): Promise<void> {
  await tx.query({
    name: 'article-revision-keep',
    text: `INSERT INTO article_revision (article_id, version, editor_id, at, title, slug, excerpt, body_source, body_format)
      SELECT id, version, $2, updated_at, title, slug, excerpt, body_source, body_format FROM article WHERE id = $1`,
    values: [id, editorId],
  });
}

/** What came by another way than a save, such as an import, is kept before it is written over; by whom is not known. */
async function saveImportedRevision(tx: Queryable, id: number): Promise<void> {
  await tx.query({
    name: 'article-revision-unknown',
    text: `INSERT INTO article_revision (article_id, version, at, title, slug, excerpt, body_source, body_format)
      SELECT id, version, updated_at, title, slug, excerpt, body_source, body_format FROM article WHERE id = $1
      ON CONFLICT (article_id, version) DO NOTHING`,
    values: [id],
  });
}
