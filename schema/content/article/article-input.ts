import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import { InvalidInputError } from '../errors.ts';
import { isLonger } from '../text/graphemes.ts';
import { isBlank, storageFault } from '../text/render.ts';

// Lengths are in characters as readers count them (graphemes), unless the name says otherwise.

/** What fits a headline, and more. */
export const MAX_TITLE = 200;
export const MAX_EXCERPT = 500;
/** Some 80,000 words, a short novel: rendering it takes a second or two, in which this process does nothing else. */
export const MAX_MARKDOWN_BYTES = 500_000;
export const MAX_SLUG = 80;
export const MAX_TOPICS = 20;
export const MAX_TOPIC_NAME = 60;
const MAX_URL = 2_000;
const MAX_ALT = 500;
const MAX_CAPTION = 1_000;
/** Pixels of a side; more is a mistake in typing. */
const MAX_SIDE = 100_000;

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

export interface ImageInput {
  url: string;
  alt: string;
  caption?: string | null | undefined;
  width?: number | null | undefined;
  height?: number | null | undefined;
}

/** The fields that creating and updating share; what is absent stays as it is. */
export interface ArticleInput {
  title?: string | null | undefined;
  markdown?: string | null | undefined;
  slug?: string | null | undefined;
  excerpt?: string | null | undefined;
  topics?: readonly string[] | null | undefined;
  cover?: ImageInput | null | undefined;
  commentPolicy?: CommentPolicy | null | undefined;
}

export interface CheckedImage {
  url: string;
  alt: string;
  caption: string | null;
  width: number | null;
  height: number | null;
}

/** Fields that have passed their rules; null for what was not said. */
export interface CheckedArticle {
  title: string | null;
  markdown: string | null;
  slug: string | null;
  /** Empty: to be made from the text. */
  excerpt: string | null;
  topics: string[] | null;
  /** Undefined leaves the cover as it is, null takes it away. */
  cover: CheckedImage | null | undefined;
  /** Undefined leaves it as it is, null lets it follow the default. */
  commentPolicy: CommentPolicy | null | undefined;
}

function storable(value: string, path: string[]): string {
  const fault = storageFault(value);
  if (fault) throw new InvalidInputError(`\`${nameOf(path)}\` ${fault}.`, path);
  return value.normalize('NFC');
}

/** The field's name; in a list, that of the list. */
function nameOf(path: readonly string[]): string {
  return path.findLast((step) => !/^\d+$/.test(step))!;
}

/** A text of one line. @throws InvalidInputError naming the field, the rule and what came */
function checkLine(value: string, path: string[], { least, most }: { least: 0 | 1; most: number }): string {
  const text = storable(value, path).replace(/\s+/gu, ' ').trim();
  const tooLong = isLonger(text, most);
  if (tooLong || (least === 1 && isBlank(text)))
    throw new InvalidInputError(
      `\`${nameOf(path)}\` must have ${least} to ${most} characters; this has ${tooLong ? 'more' : 'none'}.`,
      path,
    );
  return text;
}

function checkMarkdown(value: string, path: string[]): string {
  const text = storable(value, path);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_MARKDOWN_BYTES)
    throw new InvalidInputError(`\`markdown\` may have ${MAX_MARKDOWN_BYTES} bytes; this has ${bytes}.`, path);
  if (isBlank(text)) throw new InvalidInputError('`markdown` must have words; this has none.', path);
  return text;
}

function checkSlug(slug: string, path: string[]): string {
  if (!SLUG.test(slug) || slug.length > MAX_SLUG)
    throw new InvalidInputError(
      `\`slug\` must be 1 to ${MAX_SLUG} characters a-z and 0-9, words joined by single hyphens, such as how-swifts-sleep.`,
      path,
    );
  return slug;
}

function checkTopics(names: readonly string[], path: string[]): string[] {
  if (names.length > MAX_TOPICS)
    throw new InvalidInputError(`\`topics\` may name ${MAX_TOPICS} topics; this names ${names.length}.`, path);
  return names.map((name, i) => {
    const at = [...path, String(i)];
    const topic = checkLine(name, at, { least: 1, most: MAX_TOPIC_NAME });
    if (!/[\p{L}\p{N}]/u.test(topic))
      throw new InvalidInputError('A name in `topics` must have a letter or a digit; this has none.', at);
    return topic;
  });
}

/** Its origin stands for the site's own: a path that leads away from it is no path. */
const HERE = 'https://here.invalid';

function checkUrl(value: string, path: string[]): string {
  const text = storable(value, path).trim();
  const isPath = text.startsWith('/');
  const url = URL.canParse(text, isPath ? HERE : undefined) ? new URL(text, isPath ? HERE : undefined) : null;
  const isAllowed = isPath ? url?.origin === HERE : url?.protocol === 'https:' || url?.protocol === 'http:';
  if (!url || !isAllowed || text.length > MAX_URL)
    throw new InvalidInputError(
      `\`url\` must be an address that begins with https:// or http://, or a path on this site that begins with /, of at most ${MAX_URL} characters.`,
      path,
    );
  return isPath ? url.href.slice(HERE.length) : url.href;
}

function checkSide(value: number | null | undefined, path: string[]): number | null {
  if (value == null) return null;
  if (!Number.isInteger(value) || value < 1 || value > MAX_SIDE)
    throw new InvalidInputError(
      `\`${nameOf(path)}\` must be a whole number of pixels from 1 to ${MAX_SIDE}, not ${value}.`,
      path,
    );
  return value;
}

function checkCover(cover: ImageInput, path: string[]): CheckedImage {
  return {
    url: checkUrl(cover.url, [...path, 'url']),
    alt: checkLine(cover.alt, [...path, 'alt'], { least: 1, most: MAX_ALT }),
    caption:
      cover.caption == null
        ? null
        : checkLine(cover.caption, [...path, 'caption'], { least: 0, most: MAX_CAPTION }) || null,
    width: checkSide(cover.width, [...path, 'width']),
    height: checkSide(cover.height, [...path, 'height']),
  };
}

/** @throws InvalidInputError with the path of the first field that breaks its rule */
export function checkArticle(input: ArticleInput): CheckedArticle {
  const path = (field: keyof ArticleInput): string[] => ['input', field];
  const { title, markdown, slug, excerpt, topics, cover, commentPolicy } = input;
  return {
    title: title == null ? null : checkLine(title, path('title'), { least: 1, most: MAX_TITLE }),
    markdown: markdown == null ? null : checkMarkdown(markdown, path('markdown')),
    slug: slug == null ? null : checkSlug(slug, path('slug')),
    excerpt: excerpt == null ? null : checkLine(excerpt, path('excerpt'), { least: 0, most: MAX_EXCERPT }),
    topics: topics == null ? null : checkTopics(topics, path('topics')),
    cover: cover == null ? cover : checkCover(cover, path('cover')),
    commentPolicy,
  };
}
