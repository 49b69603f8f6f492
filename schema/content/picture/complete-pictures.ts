import { storedPictureAt } from './picture-address.ts';
import { PICTURE_NAME, PICTURES_PATH, type StoredPicture, variantsOf } from './picture-name.ts';

/** An address of a stored picture, or of a narrower form of one, in sanitised HTML, whose values of attributes have no `<`, `>` and `"`. */
const ADDRESS = new RegExp(` (src|href|poster)="${PICTURES_PATH}(${PICTURE_NAME}(?:\\.[1-9]\\d{1,3}\\.webp)?)"`, 'g');
const IMG = /<img [^<>]*>/g;
const SOURCE = / src="([^"]*)"/;

/**
 * Completes the stored pictures of sanitised HTML: their addresses, and what a browser needs to choose the width that it
 * loads and to leave room before it does.
 * @param mediaUrl what the addresses of stored pictures begin with
 */
export function completePictures(html: string, mediaUrl: string): string {
  if (!html.includes(PICTURES_PATH) && !html.includes(mediaUrl)) return html;
  return addressPictures(html, mediaUrl).replace(IMG, (tag) => {
    const picture = storedPictureAt(SOURCE.exec(tag)?.[1] ?? '', mediaUrl);
    return picture ? completeTag(tag, picture, mediaUrl) : tag;
  });
}

/** Gives the stored pictures of sanitised HTML the addresses at which readers find them. */
export function addressPictures(html: string, mediaUrl: string): string {
  if (mediaUrl === PICTURES_PATH || !html.includes(PICTURES_PATH)) return html;
  return html.replace(ADDRESS, (_, attribute: string, name: string) => ` ${attribute}="${mediaUrl}${name}"`);
}

function completeTag(tag: string, picture: StoredPicture, mediaUrl: string): string {
  const has = (attribute: string): boolean => tag.includes(` ${attribute}="`);
  const shown = Number(/ width="(\d+)"/.exec(tag)?.[1] ?? picture.width) || picture.width;
  const variants = variantsOf(picture);
  const added = [
    ...(has('width') || has('height') ? [] : [`width="${picture.width}" height="${picture.height}"`]),
    ...(has('srcset') || variants.length < 2
      ? []
      : [
          `srcset="${variants.map(({ name, width }) => `${mediaUrl}${name} ${width}w`).join(', ')}"`,
          // As WordPress does: browsers that know `auto` take the width in the page.
          ...(has('sizes') ? [] : [`sizes="auto, (max-width: ${shown}px) 100vw, ${shown}px"`]),
        ]),
    ...(has('loading') ? [] : ['loading="lazy"']),
  ];
  return added.length === 0 ? tag : tag.replace(/ ?\/?>$/, ` ${added.join(' ')} />`);
}
