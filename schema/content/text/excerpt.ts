/** Characters of an excerpt: they fit a card, a search result and a link preview. */
const EXCERPT_LENGTH = 280;

/** Least share of EXCERPT_LENGTH at which the excerpt ends with a sentence or word instead of being cut. */
const MIN_SHARE = 0.6;

/** Silent reading of English non-fiction is 238 words a minute (Brysbaert 2019), rounded down for code and tables. */
const WORDS_PER_MINUTE = 230;

/** Chinese and Japanese have no spaces between words, so their characters are counted. */
const CJK_CHARACTERS_PER_MINUTE = 500;

/** Nor have these; the words that are read in a minute have about as many characters in Thai, marks included. */
const SPACELESS_CHARACTERS_PER_MINUTE = 1_000;

const CJK = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}';
const SPACELESS = '\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
const CJK_CHARACTER = new RegExp(`[${CJK}]`, 'gu');
const SPACELESS_CHARACTER = new RegExp(`[${SPACELESS}]`, 'gu');
const RUN = new RegExp(`[^\\s${CJK}${SPACELESS}]+`, 'gu');

/** The beginning of a plain text, at most 280 characters; it ends with a sentence or a word where it can. */
export function excerptOf(text: string): string {
  // Ten times the excerpt, so that a long text is not rewritten for its beginning.
  const words = withoutNoteReferences(text.slice(0, EXCERPT_LENGTH * 10), text)
    .replace(/\s+/g, ' ')
    .trim();
  if (words.length <= EXCERPT_LENGTH) return words;
  const beginning = words.slice(0, EXCERPT_LENGTH - 1);
  const sentences = /^.*(?:[.!?][”"’')\]]*(?= )|[。！？])/su.exec(beginning)?.[0];
  if (sentences && sentences.length >= EXCERPT_LENGTH * MIN_SHARE) return sentences;
  const space = beginning.lastIndexOf(' ');
  const cut = space >= EXCERPT_LENGTH * MIN_SHARE ? beginning.slice(0, space) : beginning;
  // The cut may have split a surrogate pair.
  return `${cut.replace(/[\uD800-\uDBFF]$/, '').replace(/[\s,;:–—-]+$/, '')}…`;
}

/** Removes references to footnotes, such as `[1]` where the text has a note 1 behind it. */
function withoutNoteReferences(beginning: string, text: string): string {
  const notes = text.lastIndexOf('\n1. ');
  if (notes === -1) return beginning;
  const isNote = (number: string) => text.indexOf(`\n${number}. `, notes) !== -1;
  return beginning.replace(/(?<=\S)\[(\d{1,3})\]/g, (reference, number: string) => (isNote(number) ? '' : reference));
}

/** Estimated minutes to read a plain text, at least 1. */
export function readingMinutes(text: string): number {
  const cjk = text.match(CJK_CHARACTER)?.length ?? 0;
  const spaceless = text.match(SPACELESS_CHARACTER)?.length ?? 0;
  // A word has a letter or digit: marks between the cells of a table are no words.
  const words = text.match(RUN)?.filter((run) => /[\p{L}\p{N}]/u.test(run)).length ?? 0;
  const minutes =
    words / WORDS_PER_MINUTE + cjk / CJK_CHARACTERS_PER_MINUTE + spaceless / SPACELESS_CHARACTERS_PER_MINUTE;
  return Math.max(1, Math.round(minutes));
}
