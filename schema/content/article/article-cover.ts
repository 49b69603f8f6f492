import { InvalidInputError } from '../errors.ts';
import { storedAddress, storedPictureAt } from '../picture/picture-address.ts';
import { PICTURES_PATH } from '../picture/picture-name.ts';
import type { ArticleRow } from '../row-types.ts';
import { checkImageUrl } from '../text/address-input.ts';
import { checkLine, fieldName } from '../text/input-text.ts';

/** Characters as readers count them (graphemes). */
const MAX_ALT = 500;
const MAX_CAPTION = 1_000;
/** Pixels of a side. A larger number is a typing mistake. */
const MAX_SIDE = 100_000;

export interface ImageInput {
  url: string;
  alt: string;
  caption?: string | null | undefined;
  width?: number | null | undefined;
  height?: number | null | undefined;
}

export interface Image {
  url: string;
  alt: string;
  caption: string | null;
  width: number | null;
  height: number | null;
}

/**
 * A stored picture has its own width and height where the input has none.
 * @param mediaUrl what the addresses of stored pictures begin with
 * @throws InvalidInputError with the path of the first field that breaks its rule
 */
export function checkCover(
  { url, alt, caption, width, height }: ImageInput,
  { path, mediaUrl }: { path: string[]; mediaUrl: string },
): Image {
  const address = storedAddress(checkImageUrl(url, [...path, 'url']), mediaUrl);
  const size = width == null && height == null ? storedPictureAt(address, PICTURES_PATH) : null;
  return {
    url: address,
    alt: checkLine(alt, [...path, 'alt'], { min: 1, max: MAX_ALT }),
    caption: caption == null ? null : checkLine(caption, [...path, 'caption'], { min: 0, max: MAX_CAPTION }) || null,
    width: size?.width ?? checkSide(width, [...path, 'width']),
    height: size?.height ?? checkSide(height, [...path, 'height']),
  };
}

/** Values of the columns cover_url, cover_alt, cover_caption, cover_width and cover_height. */
export function coverColumns(cover: Image | null | undefined): (string | number | null)[] {
  return cover ? [cover.url, cover.alt, cover.caption, cover.width, cover.height] : [null, null, null, null, null];
}

function checkSide(value: number | null | undefined, path: string[]): number | null {
  if (value == null) return null;
  if (!Number.isInteger(value) || value < 1 || value > MAX_SIDE)
    throw new InvalidInputError(
      `\`${fieldName(path)}\` must be a whole number of pixels from 1 to ${MAX_SIDE}, not ${value}.`,
      path,
    );
  return value;
}

/**
 * An article's cover, null for an article without one.
 * @param load reads the article again with all columns
 */
export function coverOf(article: ArticleRow, load: () => Promise<ArticleRow>): Image | null | Promise<Image | null> {
  const isRead = article.coverUrl === null || article.coverAlt !== undefined;
  return isRead ? imageOf(article) : load().then(imageOf);
}

function imageOf({ coverUrl, coverAlt, coverCaption, coverWidth, coverHeight }: ArticleRow): Image | null {
  if (coverUrl == null) return null;
  return {
    url: coverUrl,
    alt: coverAlt ?? '',
    caption: coverCaption ?? null,
    width: coverWidth ?? null,
    height: coverHeight ?? null,
  };
}
