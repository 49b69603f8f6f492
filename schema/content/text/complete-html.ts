// Stored HTML does not depend on the page that shows it. What does is completed when it is read: the addresses of links and
// media on this site, sizes of stored pictures, and the prefixes of ids. So a new PUBLIC_URL is valid for all texts at once.

import { completePictures } from '../picture/complete-pictures.ts';
import { STORED_PREFIX } from './anchors.ts';
import { decodeEntities, encodeAttribute } from './entities.ts';
import { parseUrl } from './parse-url.ts';

export interface HtmlPlace {
  /** Begins each id, such as `article-12-`; null for a text without ids. */
  idPrefix: string | null;
  /** The address that relative ones are resolved against, with a slash at its end; null leaves them as they are. */
  publicUrl: string | null;
  /** The address of the folder that has the stored pictures. */
  mediaUrl: string;
}

/** A link or a medium on this site. Text that shows HTML as code may look like one. */
const RELATIVE = / (?:(?:href|src|poster|cite)="(?!#|https?:|mailto:|tel:)|srcset=")/;
/** An opening tag with an address. Sanitised HTML has no `<`, `>` and `"` in values of attributes. */
const TAG = /<(?:a|img|audio|video|source|track|blockquote|q) [^<>]*>/g;
/** Each is matched as a whole, as the value of one may end like the name of another. */
const ATTRIBUTE = / ([a-z]+)="([^"]*)"/g;

/** Completes sanitised HTML for the page that shows it. */
export function completeHtml(html: string, { idPrefix, publicUrl, mediaUrl }: HtmlPlace): string {
  const prefixed =
    idPrefix === null
      ? html
      : html
          .replaceAll(` id="${STORED_PREFIX}`, ` id="${idPrefix}`)
          .replaceAll(` href="#${STORED_PREFIX}`, ` href="#${idPrefix}`);
  const shown = completePictures(prefixed, mediaUrl);
  return publicUrl === null ? shown : resolveAddresses(shown, publicUrl);
}

/** Sanitised HTML with the addresses of links and media resolved against one that ends with a slash. */
export function resolveAddresses(html: string, publicUrl: string): string {
  if (!RELATIVE.test(html)) return html;
  return html.replace(TAG, (tag) =>
    tag.replace(ATTRIBUTE, (attribute, name: string, value: string) => {
      switch (name) {
        case 'srcset':
          return ` srcset="${value
            .split(', ')
            .map((candidate) => absolute(candidate, publicUrl))
            .join(', ')}"`;
        case 'href':
        case 'src':
        case 'poster':
        case 'cite':
          return value.startsWith('#') ? attribute : ` ${name}="${absolute(value, publicUrl)}"`;
        default:
          return attribute;
      }
    }),
  );
}

/** Most addresses only need to be joined, which takes a tenth of the time of resolving them. */
function absolute(address: string, base: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(address)) return address;
  if (/(?:^|\/)\.{1,2}(?:[/?#]|$)|%2e/i.test(address)) return resolved(address, base);
  const origin = base.slice(0, base.indexOf('/', 'https://'.length));
  if (address.startsWith('//')) return base.slice(0, base.indexOf('/')) + address;
  return address.startsWith('/') ? origin + address : base + address;
}

function resolved(address: string, base: string): string {
  const text = decodeEntities(address);
  const url = parseUrl(text, base);
  return url ? encodeAttribute(url.href) : address;
}
