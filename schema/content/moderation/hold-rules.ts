import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import type { HoldSettings } from '../settings.ts';
import { findForbiddenWord } from './forbidden-words.ts';

// Whether a comment is held for a moderator. Pure: values in, reasons out.

/** Seconds in which `tooFrequent` counts the comments of one person. */
export const FREQUENCY_WINDOW = 600;

/** Seconds in which `busyArticle` counts the comments of one article. */
export const ARTICLE_WINDOW = 60;

/** Letters below which capitals are not shouting: initials, `OK`, `NASA`. */
const MIN_SHOUTED_LETTERS = 20;

/** A comment with what the rules depend on. */
export interface Submission {
  policy: CommentPolicy;
  /** As written, in Markdown. */
  source: string;
  /** Rendered. */
  html: string;
  text: string;
  writer: Writer;
  /** Other comments on the article within ARTICLE_WINDOW, counted up to the limit only; 0 for an edit. */
  articleRecent: number;
  /** In lower case. */
  forbiddenWords: readonly string[];
}

/** The author's history, as far as the rules read it. */
interface Writer {
  /** None of their comments is visible. Read only while `firstComment` is on. */
  isNew: boolean;
  /** Their other comments within FREQUENCY_WINDOW, counted up to the limit only. */
  recent: number;
  /** They wrote the same text within `repeatedWithin`. */
  repeats: boolean;
}

type HoldRule = (comment: Submission, settings: HoldSettings) => string | null;

// Moderators see the reasons in this order.
const HOLD_RULES: readonly HoldRule[] = [
  articlePolicy,
  firstComment,
  manyLinks,
  forbiddenWord,
  repeatedText,
  tooFrequent,
  busyArticle,
  veryLong,
  shouting,
];

/** Why a moderator must decide about a comment first; empty when it is visible at once. */
export function holdReasons(comment: Submission, settings: HoldSettings): string[] {
  return HOLD_RULES.flatMap((rule) => rule(comment, settings) ?? []);
}

function articlePolicy({ policy }: Submission): string | null {
  return policy === 'MODERATED' ? 'Every comment on this article waits for a moderator.' : null;
}

function firstComment({ writer }: Submission, settings: HoldSettings): string | null {
  return settings.firstComment && writer.isNew ? 'It is the first comment of this author.' : null;
}

function manyLinks({ html }: Submission, settings: HoldSettings): string | null {
  const links = html.match(/<a href/g)?.length ?? 0;
  return settings.links > 0 && links >= settings.links
    ? `It has ${links} links; comments with ${settings.links} or more are held.`
    : null;
}

function forbiddenWord({ source, text, forbiddenWords }: Submission): string | null {
  // The source has the addresses of links; the text has words that are split by Markdown in the source.
  const found = findForbiddenWord(`${source}\n${text}`, forbiddenWords);
  return found === null ? null : `It has the forbidden word “${found}”.`;
}

function repeatedText({ writer }: Submission, settings: HoldSettings): string | null {
  return settings.repeatedWithin > 0 && writer.repeats ? 'The author wrote the same text a short time ago.' : null;
}

function tooFrequent({ writer: { recent } }: Submission, settings: HoldSettings): string | null {
  return settings.frequent > 0 && recent >= settings.frequent
    ? `The author wrote ${recent} or more other comments in the last ${FREQUENCY_WINDOW / 60} minutes.`
    : null;
}

function busyArticle({ articleRecent }: Submission, settings: HoldSettings): string | null {
  return settings.busyArticle > 0 && articleRecent >= settings.busyArticle
    ? `The article received ${articleRecent} or more other comments in the last ${ARTICLE_WINDOW} seconds.`
    : null;
}

function veryLong({ text }: Submission, settings: HoldSettings): string | null {
  return settings.length > 0 && text.length >= settings.length
    ? `It has ${text.length} characters; comments with ${settings.length} or more are held.`
    : null;
}

function shouting({ text }: Submission, settings: HoldSettings): string | null {
  if (settings.shouting === 0) return null;
  const capitals = countOf(/\p{Lu}+/gu, text);
  const letters = capitals + countOf(/\p{Ll}+/gu, text);
  if (letters < MIN_SHOUTED_LETTERS) return null;
  const share = Math.floor((capitals / letters) * 100);
  return share >= settings.shouting ? `${share} % of its letters are capitals.` : null;
}

/** UTF-16 code units in all matches. */
function countOf(pattern: RegExp, text: string): number {
  return text.match(pattern)?.reduce((sum, { length }) => sum + length, 0) ?? 0;
}
