import type { TextFormat } from '../../../prisma/client/enums.ts';
import type { Context, Queryable } from '../context.ts';
import { queryRow } from '../query.ts';
import { markdownOfSource } from '../text/rich-text.ts';
import { coverColumns } from './article-cover.ts';
import type { CheckedArticle } from './article-input.ts';

/** Whether an article has this Markdown already: as its source, or converted from HTML as `body.markdown` shows it. */
export async function hasMarkdown(
  context: Context,
  { id, version, markdown }: { id: number; version: number; markdown: string },
): Promise<boolean> {
  const [article] = await context.db.query<[source: string, format: TextFormat]>({
    name: 'article-source',
    // Of another version the save is refused anyway, and a version has one text.
    text: 'SELECT body_source, body_format FROM article WHERE id = $1 AND version = $2',
    values: [id, version],
  });
  if (!article) return false;
  const [source, format] = article;
  return (await markdownOfSource(source, format, context)).normalize('NFC') === markdown;
}

/** The values that an update stores. Null keeps the present value; where null is itself a value, undefined keeps it. */
export interface ArticleChanges
  extends Pick<CheckedArticle, 'title' | 'slug' | 'excerpt' | 'markdown' | 'commentPolicy' | 'cover' | 'language'> {
  topicIds: readonly number[] | null;
}

/** Whether an update changes anything. The article's row is locked. */
export async function changesArticle(tx: Queryable, id: number, changes: ArticleChanges): Promise<boolean> {
  const { title, slug, excerpt, markdown, commentPolicy, cover, topicIds, language } = changes;
  const [isChanged] = await queryRow<[isChanged: boolean]>(tx, {
    name: 'article-is-changed',
    text: `SELECT $2 OR title <> coalesce($3, title) OR slug <> coalesce($4, slug) OR excerpt <> coalesce($5, excerpt)
        OR ($6 AND comment_policy IS DISTINCT FROM $7::"CommentPolicy")
        OR ($8 AND (cover_url, cover_alt, cover_caption, cover_width, cover_height)
          IS DISTINCT FROM ($9::text, $10::text, $11::text, $12::int, $13::int))
        OR ($15 AND language IS DISTINCT FROM $16)
        OR ARRAY(SELECT topic_id FROM article_topic WHERE article_id = $1 ORDER BY position, topic_id)
          <> coalesce($14::int[], ARRAY(SELECT topic_id FROM article_topic WHERE article_id = $1 ORDER BY position, topic_id))
      FROM article WHERE id = $1`,
    values: [
      ...[id, markdown !== null, title, slug, excerpt, commentPolicy !== undefined, commentPolicy ?? null],
      ...[cover !== undefined, ...coverColumns(cover), topicIds, language !== undefined, language ?? null],
    ],
  });
  return isChanged;
}
