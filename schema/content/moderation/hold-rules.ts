import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import type { HoldSettings } from '../settings.ts';

// Whether a comment waits for a moderator. Pure: values in, reasons out.

/** Seconds over which comments are counted for the phase about too many of them. */
export const FREQUENCY_WINDOW = 600;

/** Fewer letters than this are no shouting: initials, `OK`, `NASA`. */
const LEAST_SHOUTED = 20;

/** A comment with what the phases look at. */
export interface Submission {
  policy: CommentPolicy;
  /** As written, in Markdown. */
  source: string;
  /** Rendered. */
  html: string;
  text: string;
  writer: Writer;
  /** In lower case. */
  forbiddenWords: readonly string[];
}

/** What is known of whoever wrote it. */
export interface Writer {
  /** None of their comments was ever let through. */
  isNew: boolean;
  /** Their other comments in the last FREQUENT_WITHIN seconds, counted up to as many as are too many. */
  recent: number;
  /** They wrote the same words not long ago. */
  repeats: boolean;
}

type HoldRule = (comment: Submission, settings: HoldSettings) => string | null;

// In this order they are asked, and their reasons shown to moderators.
const HOLD_RULES: readonly HoldRule[] = [
  articlePolicy,
  firstComment,
  manyLinks,
  forbiddenWord,
  repeatedText,
  tooFrequent,
  veryLong,
  shouting,
];

/** Why a moderator has to see a comment first; empty to let it through. */
export function holdReasons(comment: Submission, settings: HoldSettings): string[] {
  return HOLD_RULES.flatMap((phase) => phase(comment, settings) ?? []);
}

function articlePolicy({ policy }: Submission): string | null {
  return policy === 'MODERATED' ? 'Every comment on this article waits for a moderator.' : null;
}

function firstComment({ writer }: Submission, settings: HoldSettings): string | null {
  return settings.firstComment && writer.isNew ? 'None of their comments was let through before.' : null;
}

function manyLinks({ html }: Submission, settings: HoldSettings): string | null {
  const links = html.match(/<a href/g)?.length ?? 0;
  return settings.links > 0 && links >= settings.links
    ? `It has ${links} links; from ${settings.links} on a moderator looks first.`
    : null;
}

function forbiddenWord({ source, text, forbiddenWords }: Submission): string | null {
  // The source for addresses of links, the text for words that Markdown marks inside.
  const words = `${normalizeForMatching(source)}\n${normalizeForMatching(text)}`;
  const found = forbiddenWords.find((word) => hasWord(words, normalizeForMatching(word)));
  return found === undefined ? null : `It has the forbidden word “${found}”.`;
}

/** In one form, without the characters that nobody sees and that only stand there to hide a word. */
function normalizeForMatching(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '');
}

/** The word by itself: `ass` is not in `classes`. */
function hasWord(text: string, word: string): boolean {
  if (word === '') return false;
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1))
    if (!/[\p{L}\p{N}]$/u.test(text.slice(0, at)) && !/^[\p{L}\p{N}]/u.test(text.slice(at + word.length))) return true;
  return false;
}

function repeatedText({ writer }: Submission, settings: HoldSettings): string | null {
  return settings.repeatedWithin > 0 && writer.repeats ? 'They wrote the same words not long ago.' : null;
}

function tooFrequent({ writer: { recent } }: Submission, settings: HoldSettings): string | null {
  return settings.frequent > 0 && recent >= settings.frequent
    ? `They wrote ${recent} other comments, or more, in the last ${FREQUENCY_WINDOW / 60} minutes.`
    : null;
}

function veryLong({ text }: Submission, settings: HoldSettings): string | null {
  return settings.length > 0 && text.length >= settings.length
    ? `It has ${text.length} characters; from ${settings.length} on a moderator looks first.`
    : null;
}

function shouting({ text }: Submission, settings: HoldSettings): string | null {
  if (settings.shouting === 0) return null;
  const capitals = countOf(/\p{Lu}+/gu, text);
  const letters = capitals + countOf(/\p{Ll}+/gu, text);
  if (letters < LEAST_SHOUTED) return null;
  const share = Math.floor((capitals / letters) * 100);
  return share >= settings.shouting ? `It shouts: ${share} % of its letters are capitals.` : null;
}

/** UTF-16 code units in all matches. */
function countOf(pattern: RegExp, text: string): number {
  return text.match(pattern)?.reduce((sum, { length }) => sum + length, 0) ?? 0;
}
