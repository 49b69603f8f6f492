import { BadUserInputError } from '../errors.ts';

/** UTF-16 code units of a query: more than a person types, and cheap to search for. */
const MAX_LENGTH = 500;
/** Terms after these are ignored. */
const MAX_TERMS = 32;

/** A minus for "not", then a phrase in quotes (closed or not) or a word, which may end in an asterisk. */
const TERM = /(-?)(?:"([^"]*)"?|([^\s"]+))/gu;

/** Quotation marks that phones and word processors type instead of the straight one. */
const QUOTES = /[\u201C-\u201F\u00AB\u00BB]/g;

/** A word or phrase. The database cuts and folds its text as it does those of documents (`search_query`). */
interface SearchTerm {
  text: string;
  not?: true;
  prefix?: true;
  phrase?: true;
}

/** Alternatives. A document matches one of them when it matches all its terms. */
export type SearchQuery = readonly (readonly SearchTerm[])[];

/**
 * Reads a query as a person types it: words, "phrases", -excluded, prefix*, OR. Empty for a query without a letter or digit.
 * @throws BadUserInputError for a query that is too long or has characters that PostgreSQL cannot store
 */
export function parseSearchQuery(typed: string): SearchQuery {
  if (typed.length > MAX_LENGTH)
    throw new BadUserInputError(`\`query\` may have at most ${MAX_LENGTH} characters, not ${typed.length}.`);
  if (typed.includes('\0') || !typed.isWellFormed())
    throw new BadUserInputError('`query` has a NUL character or half a surrogate pair, which cannot be searched for.');

  const alternatives: SearchTerm[][] = [];
  let isNext = true;
  const straight = typed.normalize('NFKC').replace(QUOTES, '"');
  // A full-width space separates words as well, and people who type Chinese or Japanese type full-width signs.
  for (const [, not, phrase, word] of [...straight.matchAll(TERM)].slice(0, MAX_TERMS)) {
    if (word === 'OR' && !not) {
      isNext = true;
      continue;
    }
    const isPrefix = word !== undefined && word.length > 1 && word.endsWith('*');
    const text = phrase ?? word!;
    if (!/[\p{L}\p{N}]/u.test(text)) continue;
    if (isNext) alternatives.push([]);
    isNext = false;
    alternatives.at(-1)!.push({
      text,
      ...(not ? { not: true } : {}),
      ...(isPrefix ? { prefix: true } : {}),
      ...(phrase === undefined ? {} : { phrase: true }),
    });
  }
  return alternatives;
}
