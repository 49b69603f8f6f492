import { tagAttributes } from './wordpress/html-tags.ts';

const TAGS = /<a\b[^<>]{0,4000}>|<\/a\s{0,10}>|<img\b[^<>]{0,4000}>/gi;

/** Puts links in the place of pictures in HTML of visitors, as in their Markdown. A picture in a link, and a smiley, becomes its text. */
export function withPictureLinks(html: string): string {
  let isInLink = false;
  return html.replace(TAGS, (tag) => {
    if (!/^<img/i.test(tag)) {
      isInLink = !tag.startsWith('</');
      return tag;
    }
    const attributes = tagAttributes(tag);
    const [source = '', alt = ''] = ['src', 'alt'].map((name) => attributes.get(name)?.trim());
    const address = source.replace(/^\/\//, 'https://');
    // Any other is removed with what is not allowed, and reported.
    if (!/^https?:\/\/[^\s]+$/i.test(address)) return tag;
    const text = (alt || address).replace(/</g, '&lt;');
    const isSmiley = alt !== '' && /\b(?:wp-smiley|emoji)\b/i.test(attributes.get('class') ?? '');
    return isInLink || isSmiley ? text : `<a href="${address.replace(/"/g, '&quot;')}">${text}</a>`;
  });
}
