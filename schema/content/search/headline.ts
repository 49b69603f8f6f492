import { closeBidiMarks } from '../text/bidi.ts';
import { fold, SPACELESS } from './fold.ts';
import type { SearchQuery } from './search-query.ts';

/** Only so many characters of a text are searched for the headline. */
const HEADLINE_WITHIN = 50_000;
/** UTF-16 code units of a headline: some 30 words. */
const LENGTH = 220;
/** Of these, before the first match. */
const BEFORE = 60;
/** A headline begins and ends between words, where one ends within so many code units. */
const NEAR = 20;

/** A document as its headline is made of it. */
export interface HeadlineSource {
  text: string;
  /** The words of the document that match, folded. */
  words: string[];
}

/** SQL of the `HeadlineSource` of a document `d`, whose text is `text`. The query is `q`. */
const sourceSql = (text: string) =>
  `json_build_object('text', ${text}, 'words', search_matches(d.words, q.lexemes, q.prefixes))`;

const textSql = (name: string, body: string) => `concat_ws(' – ', ${name}, left(${body}, ${HEADLINE_WITHIN}))`;

export const HEADLINE_SQL = {
  documents: sourceSql(`CASE d.kind
    WHEN 'article' THEN (SELECT ${textSql('a.title', 'a.body_text')} FROM article a WHERE a.id = d.entity_id)
    WHEN 'author' THEN (SELECT ${textSql('u.name', 'u.bio_text')} FROM author u WHERE u.id = d.entity_id)
    ELSE (SELECT ${textSql('t.name', 't.description')} FROM topic t WHERE t.id = d.entity_id) END`),
  comments: sourceSql(`(SELECT left(c.body_text, ${HEADLINE_WITHIN}) FROM comment c WHERE c.id = d.comment_id)`),
};

/** A code unit that belongs to the one before: an accent, a joiner, a later part of a syllable, or the second half of a surrogate pair. */
const CONTINUES = /\p{M}|\u200D|[\u1160-\u11FF]|[\uDC00-\uDFFF]/u;
/** A character with its marks. Korean syllables may be written in their parts. */
const CHARACTER = /[\u1100-\u115F][\u1160-\u11A7]?[\u11A8-\u11FF]?|.[\p{M}\uFF9E\uFF9F]*/gsu;

interface Range {
  start: number;
  end: number;
}

/** What words consist of, with the invisible characters in them. */
const WORD = '\\p{L}\\p{N}\\p{M}\\u00AD\\u200B-\\u200D\\u2060';
/** A word, or a run of writing without spaces. Words of ASCII alone are found ten times as fast by themselves. */
const RUN_OR_WORD = new RegExp(
  `[A-Za-z0-9]+(?![${WORD}])|(?<run>[${SPACELESS}]+)|(?:(?![${SPACELESS}])[${WORD}])+`,
  'gu',
);
const RUN = new RegExp(`[${SPACELESS}]+`, 'gu');

/** The passage with the most matches as safe HTML, the matches in `<mark>`. */
export function headlineHtml({ text, words }: HeadlineSource, query: SearchQuery): string {
  const matches = findMatches(text, new Set(words), runsOf(query));
  const passage = choosePassage(text, matches);
  let html = '';
  let at = passage.start;
  for (const { start, end } of matches) {
    if (start < passage.start || end > passage.end) continue;
    html += `${escapeHtml(text.slice(at, start))}<mark>${escapeHtml(text.slice(start, end))}</mark>`;
    at = end;
  }
  // The passage may begin or end between two marks of direction.
  return closeBidiMarks(html + escapeHtml(text.slice(at, passage.end)));
}

/** What a query has in writing without spaces. A document has it anywhere in its runs. */
function runsOf(query: SearchQuery): string[] {
  const texts = query.flatMap((terms) => terms.filter(({ not }) => !not).map(({ text }) => fold(text)));
  return texts.flatMap((text) => text.match(RUN) ?? []);
}

function findMatches(text: string, words: ReadonlySet<string>, runs: readonly string[]): Range[] {
  const matches: Range[] = [];
  // A text repeats its words, and folding takes most of the time.
  const known = new Map<string, boolean>();
  const isMatch = (word: string): boolean => {
    let is = known.get(word);
    if (is === undefined) {
      is = words.has(fold(word));
      known.set(word, is);
    }
    return is;
  };
  for (const { 0: found, 1: run, index: start } of text.matchAll(RUN_OR_WORD)) {
    if (run !== undefined) {
      if (runs.length > 0) matches.push(...findRuns(found, runs).map((at) => shifted(at, start)));
    } else if (isMatch(found)) matches.push({ start, end: start + found.length });
  }
  return matches;
}

function shifted({ start, end }: Range, by: number): Range {
  return { start: start + by, end: end + by };
}

/** Where the runs of a query are in one of a text. A character may fold to several, or several to one. */
function findRuns(text: string, runs: readonly string[]): Range[] {
  let folded = '';
  const starts: number[] = [];
  for (const { 0: character, index } of text.matchAll(CHARACTER)) {
    const part = fold(character);
    folded += part;
    for (let i = 0; i < part.length; i += 1) starts.push(index);
  }
  starts.push(text.length);
  const isMatch = new Uint8Array(text.length);
  for (const run of runs)
    for (let at = folded.indexOf(run); at >= 0; at = folded.indexOf(run, at + 1)) {
      // The end of a character that folds to several is the start of the next one.
      let next = at + run.length;
      while (next < starts.length - 1 && starts[next] === starts[next - 1]) next += 1;
      isMatch.fill(1, starts[at], starts[next]);
    }
  const matches: Range[] = [];
  for (let start = isMatch.indexOf(1); start >= 0; ) {
    const end = isMatch.indexOf(0, start);
    matches.push({ start, end: end < 0 ? text.length : end });
    start = end < 0 ? -1 : isMatch.indexOf(1, end);
  }
  return matches;
}

/** The first passage with the most matches. */
function choosePassage(text: string, matches: readonly Range[]): Range {
  let best = { start: 0, count: 0 };
  let last = 0;
  matches.forEach(({ start }, first) => {
    while (last < matches.length && matches[last]!.end <= start + LENGTH - BEFORE) last += 1;
    if (last - first > best.count) best = { start, count: last - first };
  });
  const start = boundary(text, Math.max(0, best.start - BEFORE), best.start);
  return { start, end: boundary(text, Math.min(text.length, start + LENGTH), text.length) };
}

/** A place between words shortly after another, or at least between characters. */
function boundary(text: string, from: number, limit: number): number {
  if (from === 0 || from >= limit) return Math.min(from, limit);
  const space = text.slice(from - 1, Math.min(from + NEAR, limit)).search(/\s/u);
  if (space >= 0) return from + space;
  let at = from;
  while (at < limit && CONTINUES.test(text[at]!)) at += 1;
  return at;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
