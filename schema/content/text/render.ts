// Rich text: one source, rendered once when it is saved, as safe HTML and as plain text.
import MarkdownIt from 'markdown-it';
import { closeBidiMarks } from './bidi.ts';
import { plainText } from './plain-text.ts';
import { sanitizeHtml, type TextPlace } from './sanitize.ts';

export { toMarkdown } from './markdown.ts';
export type { TextPlace } from './sanitize.ts';

export type TextFormat = 'MARKDOWN' | 'HTML';

/** What fits a card, a search result or a link preview. Characters. */
const EXCERPT_LENGTH = 280;

/** A sentence that ends in the last part of an excerpt ends the excerpt. Share of EXCERPT_LENGTH. */
const SENTENCE_FROM = 0.6;

/** Silent reading of English non-fiction, Brysbaert 2019 (238), rounded down for code and tables. */
const WORDS_A_MINUTE = 230;

/** Chinese and Japanese have no spaces to count by. Characters. */
const CJK_CHARACTERS_A_MINUTE = 500;

const articleMarkdown = parser({ html: true });
// HTML is shown as text; tables and pictures have no place in a discussion; a line break typed is a line break meant.
const visitorMarkdown = parser({ html: false, breaks: true }).disable(['image', 'table']);

const markdown: Record<TextPlace, MarkdownIt> = {
  article: articleMarkdown,
  comment: visitorMarkdown,
  bio: visitorMarkdown,
};

function parser(settings: { html: boolean; breaks?: boolean }): MarkdownIt {
  const md = new MarkdownIt({ ...settings, linkify: true });
  // Only whole addresses become links: without a scheme, `readme.md` and `main.rs` look like web sites.
  md.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
  // The parser aligns cells by an inline style, which the sanitiser drops.
  md.core.ruler.push('cell_alignment_by_class', (state) => {
    for (const token of state.tokens) {
      const align = /^text-align:(\w+)$/.exec(String(token.attrGet('style')))?.[1];
      if (align) token.attrs = [['class', `has-text-align-${align}`]];
    }
  });
  return md;
}

/** Both renderings of a source. `html` is safe to insert as it is; `text` reads well alone. Never throws. */
export function renderText(source: string, format: TextFormat, place: TextPlace): { html: string; text: string } {
  const safe = sanitizeHtml(format === 'HTML' ? source : markdown[place].render(source), place).trim();
  const html = place === 'article' ? safe : closeBidiMarks(safe);
  return { html, text: plainText(html) };
}

/** The beginning of a plain text, at most 280 characters, ended at a sentence or between words. */
export function excerptOf(text: string): string {
  // Ten times what is shown, so that a long text is not rewritten for its beginning.
  const words = text
    .slice(0, EXCERPT_LENGTH * 10)
    .replace(/\s+/g, ' ')
    .trim();
  if (words.length <= EXCERPT_LENGTH) return words;
  const beginning = words.slice(0, EXCERPT_LENGTH - 1);
  const sentences = /^.*(?:[.!?][”"’')\]]*(?= )|[。！？])/su.exec(beginning)?.[0];
  if (sentences && sentences.length >= EXCERPT_LENGTH * SENTENCE_FROM) return sentences;
  const space = beginning.lastIndexOf(' ');
  const cut = space >= EXCERPT_LENGTH * SENTENCE_FROM ? beginning.slice(0, space) : beginning;
  // Half of a surrogate pair is no character.
  return `${cut.replace(/[\uD800-\uDBFF]$/, '').replace(/[\s,;:–—-]+$/, '')}…`;
}

/** Minutes a plain text takes to read, 1 at least. */
export function readingMinutes(text: string): number {
  const cjk = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0;
  const words = text.match(/[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu)?.length ?? 0;
  return Math.max(1, Math.round(words / WORDS_A_MINUTE + cjk / CJK_CHARACTERS_A_MINUTE));
}

/** Whether there is nothing to see in it: spaces, and characters that only steer how others are shown. */
export function isBlank(text: string): boolean {
  return !/[^\s\p{Default_Ignorable_Code_Point}]/u.test(text);
}

/** Marks stacked on one character: living scripts need a handful, more only spills over the lines around. */
const MAX_MARKS = 8;
// A joiner between them is nothing to see, and no letter that they could stand on.
const TOO_MANY_MARKS = new RegExp(`(?:\\p{M}\\p{Cf}*){${MAX_MARKS + 1}}`, 'u');

/** Why this text cannot be kept as it is, in words for its writer; null when it can. */
export function storageFault(value: string): string | null {
  if (value.includes('\0')) return 'contains the character NUL (U+0000), which cannot be stored';
  if (!value.isWellFormed()) return 'contains half of a character (a lone UTF-16 surrogate)';
  const control = /(?![\t\n\r])\p{Cc}/u.exec(value)?.[0];
  if (control)
    return `contains the control character U+${control.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`;
  if (TOO_MANY_MARKS.test(value)) return `stacks more than ${MAX_MARKS} marks on one character`;
  return null;
}
