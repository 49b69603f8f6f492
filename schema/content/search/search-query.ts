import { BadUserInputError } from '../errors.ts';

/** UTF-16 code units of a query: more than a person types, and cheap to search for. */
const MAX_LENGTH = 500;
/** Terms after these are ignored. */
const MAX_TERMS = 32;

/** A minus for "not", then a phrase in quotes (closed or not) or a word, which may end in an asterisk. */
const TERM = /(-?)(?:"([^"]*)"?|([^\s"]+))/gu;

/**
 * Turns a query as a person types it (words, "phrases", -excluded, prefix*, OR) into one for PostgreSQL's `to_tsquery`.
 * Every term is quoted, so no typed character is an operator there. Empty for a query without a letter or digit.
 * @throws BadUserInputError for a query that is too long or has characters that PostgreSQL cannot store
 */
export function searchQuery(typed: string): string {
  if (typed.length > MAX_LENGTH)
    throw new BadUserInputError(`\`query\` may have at most ${MAX_LENGTH} characters, not ${typed.length}.`);
  if (typed.includes('\0') || !typed.isWellFormed())
    throw new BadUserInputError('`query` has a NUL character or half a surrogate pair, which cannot be searched for.');

  let query = '';
  let operator = '';
  for (const [, not, phrase, word] of [...typed.matchAll(TERM)].slice(0, MAX_TERMS)) {
    if (word === 'OR' && !not) {
      if (query) operator = ' | ';
      continue;
    }
    const prefix = word !== undefined && word.length > 1 && word.endsWith('*');
    const text = phrase ?? (prefix ? word.slice(0, -1) : word!);
    if (!/[\p{L}\p{N}]/u.test(text)) continue;
    const term = `${not ? '!' : ''}'${text.replace(/['\\]/g, '$&$&')}'${prefix ? ':*' : ''}`;
    query += query ? `${operator || ' & '}${term}` : term;
    operator = '';
  }
  return query;
}
