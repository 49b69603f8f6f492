import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import { InvalidInputError, NotFoundError } from '../errors.ts';
import { decodeIdOf } from '../ids.ts';
import type { Settings } from '../settings.ts';
import { checkLine, checkStorable } from '../text/input-text.ts';
import { checkSlug } from '../text/slug-input.ts';
import { isBlank } from '../text/text-rules.ts';
import { checkTopicName } from '../topic/topic-input.ts';
import { checkCover, type Image, type ImageInput } from './article-cover.ts';

// Lengths are in characters as readers count them (graphemes), unless the name has another unit.

export const MAX_TITLE = 200;
export const MAX_EXCERPT = 500;
/** Some 80,000 words, a short novel. Rendering it takes one or two seconds of another thread. */
export const MAX_MARKDOWN_BYTES = 500_000;
export const MAX_TOPICS = 20;

/** The fields that creating and updating share. In an update, an absent field stays as it is. */
export interface ArticleInput {
  title?: string | null | undefined;
  markdown?: string | null | undefined;
  slug?: string | null | undefined;
  excerpt?: string | null | undefined;
  topics?: readonly string[] | null | undefined;
  cover?: ImageInput | null | undefined;
  commentPolicy?: CommentPolicy | null | undefined;
  language?: string | null | undefined;
}

export interface NewArticleInput extends ArticleInput {
  title: string;
  markdown: string;
}

/** Fields that have passed their rules; null for an absent one. */
export interface CheckedArticle {
  title: string | null;
  markdown: string | null;
  slug: string | null;
  /** Empty: to be made from the text. */
  excerpt: string | null;
  topics: string[] | null;
  /** Undefined leaves the cover as it is, null removes it. */
  cover: Image | null | undefined;
  /** Undefined leaves it as it is, null follows the default. */
  commentPolicy: CommentPolicy | null | undefined;
  /** A BCP 47 tag. Undefined leaves it as it is, null has it detected. */
  language: string | null | undefined;
}

type CheckedNewArticle = CheckedArticle & { title: string; markdown: string };

type MediaSettings = Pick<Settings, 'mediaUrl'>;

/** @throws InvalidInputError with the path of the first field that breaks its rule */
export function checkArticle(input: NewArticleInput, settings: MediaSettings): CheckedNewArticle;
export function checkArticle(input: ArticleInput, settings: MediaSettings): CheckedArticle;
export function checkArticle(input: ArticleInput, { mediaUrl }: MediaSettings): CheckedArticle {
  const path = (field: keyof ArticleInput): string[] => ['input', field];
  const { title, markdown, slug, excerpt, topics, cover, commentPolicy, language } = input;
  return {
    title: title == null ? null : checkLine(title, path('title'), { min: 1, max: MAX_TITLE }),
    markdown: markdown == null ? null : checkMarkdown(markdown, path('markdown')),
    slug: slug == null ? null : checkSlug(slug, path('slug')),
    excerpt: excerpt == null ? null : checkLine(excerpt, path('excerpt'), { min: 0, max: MAX_EXCERPT }),
    topics: topics == null ? null : checkTopics(topics, path('topics')),
    cover: cover == null ? cover : checkCover(cover, { path: path('cover'), mediaUrl }),
    commentPolicy,
    language: language == null ? language : checkLanguage(language, path('language')),
  };
}

function checkMarkdown(value: string, path: string[]): string {
  const text = checkStorable(value, path);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_MARKDOWN_BYTES)
    throw new InvalidInputError(`\`markdown\` may have ${MAX_MARKDOWN_BYTES} bytes; this has ${bytes}.`, path);
  if (isBlank(text)) throw new InvalidInputError('`markdown` must have words; this has none.', path);
  return text;
}

/** Longest tag of a language that is stored; the longest in use have about 20 characters. */
const MAX_LANGUAGE = 35;

/** A language tag in its usual form; null for a text that is none. */
export function languageTag(value: string): string | null {
  try {
    const tag = new Intl.Locale(value);
    return value.length <= MAX_LANGUAGE ? tag.toString() : null;
  } catch {
    return null;
  }
}

function checkLanguage(value: string, path: string[]): string {
  const tag = languageTag(value);
  if (tag === null)
    throw new InvalidInputError('`language` must be a language tag such as de, pt-BR or zh-Hant.', path);
  return tag;
}

function checkTopics(names: readonly string[], path: string[]): string[] {
  if (names.length > MAX_TOPICS)
    throw new InvalidInputError(`\`topics\` may name ${MAX_TOPICS} topics; this names ${names.length}.`, path);
  return names.map((name, i) => checkTopicName(name, [...path, String(i)]));
}

/** @throws NotFoundError for a text that is no article's id */
export function checkArticleId(id: string): number {
  const articleId = decodeIdOf('Article', id);
  if (articleId === null) throw new NotFoundError('There is no such article.');
  return articleId;
}
