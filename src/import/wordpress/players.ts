import { embedHtml, linkHtml } from './embeds.ts';
import { TagEnds, tagAttributes } from './html-tags.ts';

/**
 * A player, or a link to what it played, for an `<iframe>`, `<object>`, `<embed>` or `<script>` with its content; null
 * without an address. Comments have links only.
 */
export function playerHtml(name: string, tag: string, inner: string, place: 'article' | 'comment'): string | null {
  const attributes = tagAttributes(tag);
  if (name === 'script') {
    const gist = /^(?:https?:)?(\/\/gist\.github\.com\/[\w./-]+?)\.js(?:[?#]|$)/i.exec(
      attributes.get('src') ?? '',
    )?.[1];
    return gist === undefined ? null : linkHtml(`https:${gist}`);
  }
  const address = [attributes.get('src'), attributes.get('data-src'), attributes.get('data'), ...innerAddresses(inner)]
    .map((candidate) => candidate?.trim().replace(/^\/\//, 'https://') ?? '')
    .find((candidate) => /^https?:\/\/./i.test(candidate));
  if (address === undefined) return null;
  return place === 'article' ? embedHtml(address, attributes) : linkHtml(address);
}

/** Puts links in the place of scripts that show a gist. Other scripts stay, and are removed with all that is not allowed. */
export function withGistLinks(html: string): string {
  return html.replace(
    /(<script\b[^<>]{0,2000}>)\s{0,100}<\/script\s{0,10}>/gi,
    (script, tag: string) => playerHtml('script', tag, '', 'article') ?? script,
  );
}

/** Addresses of a movie in the content of an `<object>`. */
function innerAddresses(inner: string): string[] {
  const ends = new TagEnds(inner);
  const found: string[] = [];
  for (const { index } of inner.matchAll(/<(?:param|embed)\b/gi)) {
    const attributes = tagAttributes(inner.slice(index, ends.after(index)));
    const isMovie = /^(?:movie|src|url|filename)$/i.test(attributes.get('name') ?? '');
    const value = isMovie ? attributes.get('value') : attributes.get('src');
    if (value) found.push(value);
  }
  return found;
}
