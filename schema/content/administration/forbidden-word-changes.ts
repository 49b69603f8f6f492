import type { Context, Queryable } from '../context.ts';
import { ConflictError, InvalidInputError } from '../errors.ts';
import { hasVisibleWord } from '../moderation/forbidden-words.ts';
import { queryRow } from '../query.ts';
import { checkLine } from '../text/input-text.ts';
import { requireAdmin } from './admin-rights.ts';

/** Words of one change. */
const MAX_CHANGED = 1_000;
/** All words: each comment is compared with all of them. */
const MAX_WORDS = 10_000;
/** Characters of a word, which may be several words. */
const MAX_LENGTH = 100;

const PATH = ['input', 'words'];

/** All forbidden words, sorted. */
export async function listForbiddenWords(db: Queryable): Promise<string[]> {
  const [words] = await queryRow<[string[]]>(db, {
    name: 'forbidden-words',
    text: `SELECT coalesce(array_agg(word ORDER BY word COLLATE "C"), '{}') FROM forbidden_word`,
    values: [],
  });
  return words;
}

/** @returns all words afterwards. @throws InvalidInputError, ConflictError when there would be too many */
export async function addForbiddenWords(db: Queryable, words: readonly string[]): Promise<string[]> {
  const checked = checkWords(words);
  const [count] = await queryRow<[number]>(db, {
    name: 'forbidden-words-add',
    // Nothing is inserted when all would be too many.
    text: `WITH given AS (SELECT DISTINCT word FROM unnest($1::text[]) word), room AS (
        SELECT count(*) <= $2 AS is_left FROM (SELECT word FROM forbidden_word UNION SELECT word FROM given) w
      ), added AS (
        INSERT INTO forbidden_word (word) SELECT word FROM given WHERE (SELECT is_left FROM room)
        ON CONFLICT DO NOTHING
      ) SELECT is_left::int FROM room`,
    values: [checked, MAX_WORDS],
  });
  if (count === 0) throw new ConflictError(`There may be ${MAX_WORDS} forbidden words at most.`);
  return listForbiddenWords(db);
}

/** Words that are not forbidden are passed over. @returns all words afterwards. @throws InvalidInputError */
export async function removeForbiddenWords(db: Queryable, words: readonly string[]): Promise<string[]> {
  await db.query({
    name: 'forbidden-words-remove',
    // As they were given, too: rows that SQL has inserted may have another form.
    text: 'DELETE FROM forbidden_word WHERE word = ANY ($1)',
    values: [[...checkWords(words), ...words]],
  });
  return listForbiddenWords(db);
}

/** @throws ForbiddenError, InvalidInputError, ConflictError */
export async function changeForbiddenWords(
  context: Context,
  words: readonly string[],
  change: typeof addForbiddenWords,
): Promise<string[]> {
  requireAdmin(context);
  return change(context.db, words);
}

function checkWords(words: readonly string[]): string[] {
  if (words.length === 0 || words.length > MAX_CHANGED)
    throw new InvalidInputError(`\`words\` must have 1 to ${MAX_CHANGED} words; this has ${words.length}.`, PATH);
  return words.map((word, index) => {
    const path = [...PATH, `${index}`];
    const checked = checkLine(word, path, { min: 1, max: MAX_LENGTH }).toLowerCase();
    if (!hasVisibleWord(checked))
      throw new InvalidInputError('`words` must each have a letter, a digit or a sign that can be seen.', path);
    return checked;
  });
}
