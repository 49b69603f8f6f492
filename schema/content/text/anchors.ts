// Ids of articles, and links to them. Each heading gets an id.
import { decodeEntities, encodeAttribute } from './entities.ts';

/**
 * Before each id in stored HTML. An id without a prefix could replace a property of the page's document, such as `cookie`.
 * In shown HTML it is replaced by one that no other article on the page has: see complete-html.ts.
 */
export const STORED_PREFIX = 'user-content-';

/** Characters of a generated id, and of the heading that is read for it. */
const MAX_ID = 100;
const MAX_HEADING = 2_000;

/** The id of a heading without letters and digits. */
const UNNAMED = 'section';

const HEADING = /<h([1-6])((?: [^<>]*)?)>/g;
/** The attributes before an id, and its value. Each is matched as a whole, as the value of one may end like the name of another. */
export const ID = /^((?:<[a-z][a-z0-9]*)?(?: (?!id=)[a-z-]+(?:="[^"]*")?)*) id="([^"]*)"/;
/** An opening tag with an id or a link to one. Sanitised HTML has no `<` and no `"` in values of attributes. */
const ANCHORED = /<[a-z][a-z0-9]*(?= )[^<>]* (?:id="|href="#)[^<>]*>/g;
const PREFIX_IN_TEXT = new RegExp(`(<[^<>]*>)|"(#?${STORED_PREFIX})`, 'g');
const ANCHOR_IN_HEADING = /<h([1-6])((?: (?!id=)[a-z-]+="[^"]*")*)><a id="([^"]*)"><\/a>/g;
const NOTE_REFERENCE = /<sup class="footnote-ref"[^<>]*><a [^<>]*>[^<>]*<\/a><\/sup>/g;

/**
 * Gives each heading of sanitised HTML an id, makes all ids unique and safe, and directs links at them. The prefix follows a
 * quotation mark in attributes alone, and never in text, so that it can be replaced without reading tags.
 */
export function addAnchors(html: string): string {
  const distinct = html.includes(STORED_PREFIX) ? html.replace(PREFIX_IN_TEXT, escapeQuote) : html;
  // Old pages name a heading by an empty anchor in it.
  const lifted = distinct.replace(ANCHOR_IN_HEADING, '<h$1$2 id="$3">');
  const taken = new Set(Array.from(lifted.matchAll(ANCHORED), ([tag]) => idOf(tag)).filter((id) => id !== null));
  const named = nameHeadings(lifted, taken);
  const unseen = new Set(taken);
  return named.replace(ANCHORED, (tag) => linked(identified(tag, unseen), taken));
}

function escapeQuote(_: string, tag: string | undefined, prefix: string): string {
  return tag ?? `&quot;${prefix}`;
}

/** The id that a heading of this HTML gets, unless it is taken. */
export function headingId(content: string): string {
  const text = decodeEntities(
    content
      .slice(0, MAX_HEADING)
      .replace(NOTE_REFERENCE, '')
      .replace(/<[^<>]*>/g, '')
      .replace(/[<&][^;]*$/, ''),
  );
  const words = text
    .normalize('NFC')
    .toLowerCase()
    .trim()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\s-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
  return [...words].slice(0, MAX_ID).join('') || UNNAMED;
}

/** The id of an opening tag, without the prefix that HTML of another site may have already. */
export function idOf(tag: string): string | null {
  const id = ID.exec(tag)?.[2];
  return id === undefined ? null : withoutPrefix(decodeEntities(id));
}

function withoutPrefix(id: string): string {
  return id.startsWith(STORED_PREFIX) && id.length > STORED_PREFIX.length ? id.slice(STORED_PREFIX.length) : id;
}

function nameHeadings(html: string, taken: Set<string>): string {
  /** Headings with the same words are numbered. */
  const numbers = new Map<string, number>();
  const given = new Set<string>();
  return html.replace(HEADING, (tag, level: string, attributes: string, position: number) => {
    const own = idOf(tag);
    if (own !== null && !given.has(own)) {
      given.add(own);
      return tag;
    }
    const start = position + tag.length;
    const content = html.slice(start, start + MAX_HEADING);
    const end = content.indexOf(`</h${level}>`);
    const words = headingId(end === -1 ? content : content.slice(0, end));
    let number = numbers.get(words) ?? 0;
    let id = words;
    for (; taken.has(id); id = `${words}-${number}`) number += 1;
    numbers.set(words, number);
    taken.add(id);
    return `<h${level}${attributes.replace(ID, '$1')} id="${encodeAttribute(id)}">`;
  });
}

/** Of several elements with one id, the first keeps it, as browsers find it. Another heading has got one of its own. */
function identified(tag: string, unseen: Set<string>): string {
  const id = idOf(tag);
  if (id === null) return tag;
  return tag.replace(
    ID,
    (_, before: string) => before + (unseen.delete(id) ? ` id="${STORED_PREFIX}${encodeAttribute(id)}"` : ''),
  );
}

/** A link to an id of this text leads to the prefixed id. Any other leads to the page that shows the text. */
function linked(tag: string, ids: ReadonlySet<string>): string {
  return tag.replace(/ href="#([^"]*)"/, (attribute, fragment: string) => {
    const id = withoutPrefix(decodeFragment(decodeEntities(fragment)));
    const found = [id, id.trim().replace(/\s+/g, '-'), id.normalize('NFC').toLowerCase()].find((name) => ids.has(name));
    return found === undefined ? attribute : ` href="#${STORED_PREFIX}${encodeAttribute(found)}"`;
  });
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
