import { BadUserInputError } from '../errors.ts';

/** Longest query, in UTF-16 code units, and most terms of it: more than a person types, less than costs much. */
const MAX_LENGTH = 500;
const MAX_TERMS = 32;

/** A sign for "not", then a phrase in quotes (closed or not) or a word, which may end in an asterisk. */
const TERM = /(-?)(?:"([^"]*)"?|([^\s"]+))/gu;

/**
 * What a person typed, as text for PostgreSQL's `to_tsquery`: words, "phrases", -without, begin*, and OR between them.
 * Every term is quoted, so nothing typed is read as an operator of that language. Empty when there is nothing to find.
 * @throws BAD_USER_INPUT for a query too long, or with characters that text cannot hold
 */
export function searchQuery(typed: string): string {
  if (typed.length > MAX_LENGTH)
    throw new BadUserInputError(`\`query\` may have at most ${MAX_LENGTH} characters, not ${typed.length}.`);
  if (typed.includes('\0') || !typed.isWellFormed())
    throw new BadUserInputError('`query` has a NUL character or half a surrogate pair, which no text holds.');

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
