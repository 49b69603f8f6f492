// Whether a text has a forbidden word, also when it is disguised by characters that look like others. Pure.
import { replaceSymbols, skeletonOf } from '../text/skeleton.ts';

/**
 * Letters from which on a word matches everything that looks like it. A shorter word that is written plainly is
 * often another one: `bail` and `ball`, `pom` and `porn`, `ano` and `año` have equal skeletons.
 */
const MIN_LOOK_ALIKE = 6;

interface Token {
  /** In one form and in lower case, without invisible characters. */
  literal: string;
  skeleton: string;
  /** The alphabet of all its letters; null when it has several, digits, or marks that belong to none of its letters. */
  alphabet: number | null;
}

/** The first forbidden word that the text has as a whole word, as far as a reader sees it; null for none. */
export function findForbiddenWord(text: string, forbiddenWords: readonly string[]): string | null {
  if (forbiddenWords.length === 0) return null;
  const normalized = normalizeForMatching(text);
  const replaced = replaceSymbols(normalized);
  const texts = (replaced === normalized ? [normalized] : [normalized, replaced]).map(tokensOf);
  const skeletons = new Set(texts.flat().map(({ skeleton }) => skeleton));
  const found = forbiddenWords.find((forbidden) => {
    const word = normalizeForMatching(forbidden);
    if (hasWord(normalized, word)) return true;
    const wanted = tokensOf(word);
    return wanted.every(({ skeleton }) => skeletons.has(skeleton)) && texts.some((tokens) => hasTokens(tokens, wanted));
  });
  return found ?? null;
}

/** Whether anything of a word is compared with texts. */
export function hasVisibleWord(word: string): boolean {
  return normalizeForMatching(word).trim() !== '';
}

/** One form of a text, without invisible characters, which serve to hide a word. */
function normalizeForMatching(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .normalize('NFKC')
    .toLowerCase();
}

/** Whether the text has the word as a whole word: `ass` is not in `classes`. */
function hasWord(text: string, word: string): boolean {
  if (word === '') return false;
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1))
    if (!isLetterBefore(text, at) && !isLetter(text.codePointAt(at + word.length))) return true;
  return false;
}

function isLetterBefore(text: string, at: number): boolean {
  const isPair = /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(Math.max(0, at - 2), at));
  return at > 0 && isLetter(text.codePointAt(at - (isPair ? 2 : 1)));
}

/** Whether a character is a letter or a digit. */
function isLetter(codePoint: number | undefined): boolean {
  return codePoint !== undefined && /[\p{L}\p{N}]/u.test(String.fromCodePoint(codePoint));
}

function tokensOf(normalized: string): Token[] {
  return (normalized.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).map((literal) => ({
    literal,
    skeleton: skeletonOf(literal),
    alphabet: alphabetOf(literal),
  }));
}

const ALPHABETS = [
  /^\p{Script=Latin}+$/u,
  /^\p{Script=Cyrillic}+$/u,
  /^\p{Script=Greek}+$/u,
  /^[^\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]+$/u,
];

function alphabetOf(literal: string): number | null {
  const index = ALPHABETS.findIndex((alphabet) => alphabet.test(literal));
  return index === -1 ? null : index;
}

/** Whether the wanted tokens follow each other in the text. */
function hasTokens(tokens: readonly Token[], wanted: readonly Token[]): boolean {
  if (wanted.length === 0) return false;
  return tokens.some((_, start) =>
    wanted.every((word, at) => {
      const token = tokens[start + at];
      return token !== undefined && isSameWord(token, word);
    }),
  );
}

function isSameWord(token: Token, word: Token): boolean {
  if (token.literal === word.literal) return true;
  if (token.skeleton !== word.skeleton) return false;
  const isPlain = token.alphabet !== null && token.alphabet === word.alphabet;
  return isPlain ? word.literal.length >= MIN_LOOK_ALIKE : !/^\p{N}+$/u.test(token.literal);
}
