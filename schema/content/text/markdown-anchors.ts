// Prepares sanitised HTML for its conversion to Markdown, which has no syntax for ids.
import { headingId, ID, idOf, STORED_PREFIX } from './anchors.ts';
import { encodeAttribute } from './entities.ts';

const WITH_ID = /<([a-z][a-z0-9]*)(?= )[^<>]* id="[^<>]*>/g;
const PREFIXED = new RegExp(`<[a-z][^<>]* (?:id="|href="#)${STORED_PREFIX}[^<>]*>`, 'g');
const NOTES = /<section class="footnotes"[^<>]*>[\s\S]*?<\/section>/g;
const NOTE = /<li [^<>]*>/g;
/** A raised element; its link, when that is all it has. */
const REFERENCE = /<sup(?: [^<>]*)?>(?:(<a [^<>]*>[^<>]*<\/a>)<\/sup>)?/g;
const CLASS = / class="footnote-ref"/;

/** Elements that stay HTML, with their ids. */
const KEPT = /^(?:sup|sub|mark|kbd|abbr|ins|u|small|time|ruby|figure|audio|video|iframe|details|dl)$/;
/** Elements that cannot have an anchor as their first child. */
const ANCHOR_BEFORE = /^(?:ul|ol|table|pre|hr|img|br)$/;
/** Elements inside lists and tables that cannot have one beside them either: their ids are lost. */
const WITHOUT = /^(?:tr|thead|tbody|tfoot|caption|colgroup|col|input|source|track)$/;

/**
 * Replaces ids by empty anchors, `<a id>`, but for headings whose words give the same id; and marks the references to
 * footnotes by their class, and no other element.
 */
export function prepareAnchors(html: string): string {
  // HTML of another site may have the prefix already.
  const unprefixed = html.replace(PREFIXED, (tag) =>
    tag.replaceAll(`"${STORED_PREFIX}`, '"').replaceAll(`"#${STORED_PREFIX}`, '"#'),
  );
  const notes = new Set(Array.from(unprefixed.matchAll(NOTES), ([section]) => noteIds(section)).flat());
  const referring = unprefixed.replace(REFERENCE, (element, link: string | undefined) => {
    const target = / href="#([^"]*)"/.exec(link ?? '')?.[1];
    const isNote = link !== undefined && target !== undefined && notes.has(target);
    return isNote ? `<sup class="footnote-ref">${link.replace(ID, '$1')}</sup>` : element.replace(CLASS, '');
  });
  return referring.replace(WITH_ID, (tag, name: string, position: number) => {
    const id = idOf(tag);
    if (id === null || KEPT.test(name) || (name === 'li' && notes.has(encodeAttribute(id)))) return tag;
    const bare = tag.replace(ID, '$1');
    if (name === 'a' && !bare.includes(' href="')) return tag;
    const anchor = `<a id="${encodeAttribute(id)}"></a>`;
    if (/^h[1-6]$/.test(name)) return isNamedByWords(referring, position + tag.length, id) ? bare : bare + anchor;
    if (WITHOUT.test(name)) return bare;
    return name === 'a' || ANCHOR_BEFORE.test(name) ? anchor + bare : bare + anchor;
  });
}

function noteIds(section: string): string[] {
  return Array.from(section.matchAll(NOTE), ([tag]) => / id="([^"]*)"/.exec(tag)?.[1]).filter((id) => id !== undefined);
}

/** Characters in which the end of a heading is looked for. */
const MAX_HEADING = 2_000;

function isNamedByWords(html: string, start: number, id: string): boolean {
  const content = html.slice(start, start + MAX_HEADING);
  const end = content.search(/<\/h[1-6]>/);
  return end !== -1 && headingId(content.slice(0, end)) === id;
}
