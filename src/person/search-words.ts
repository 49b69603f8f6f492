import type pg from 'pg';

/**
 * Collects the words of all texts of some authors into the temporary table `person_word`. The search keeps words of texts, so that it
 * can correct mistyped ones, also those of texts that are no longer there. $1: ids of the authors.
 */
const COLLECT = `
  CREATE TEMP TABLE person_word ON COMMIT DROP AS
  SELECT DISTINCT lexeme AS word FROM (
    SELECT name AS text FROM author WHERE id = ANY ($1)
    UNION ALL SELECT bio_text FROM author WHERE id = ANY ($1)
    UNION ALL SELECT body_text FROM comment WHERE author_id = ANY ($1)
    UNION ALL SELECT v.body_text FROM comment_version v JOIN comment c ON c.id = v.comment_id WHERE c.author_id = ANY ($1)
    UNION ALL SELECT h.body_text FROM comment_held_edit h JOIN comment c ON c.id = h.comment_id WHERE c.author_id = ANY ($1)
  ) texts CROSS JOIN LATERAL unnest(tsvector_to_array(search_words(coalesce(text, ''), 'und', 'A'))) lexeme
  WHERE is_search_word(lexeme)`;

/** Deletes those of them that no document has any more. */
const FORGET = `
  DELETE FROM search_word w USING person_word p
   WHERE w.word = p.word
     AND NOT EXISTS (SELECT FROM search_document d WHERE d.words @@ plainto_tsquery('simple', p.word))
     AND NOT EXISTS (SELECT FROM search_comment d WHERE d.words @@ plainto_tsquery('simple', p.word))`;

export async function collectWords(client: pg.ClientBase, authorIds: readonly number[]): Promise<void> {
  // A utility statement takes no parameters.
  await client.query(COLLECT.replaceAll('$1', `'{${authorIds.join(',')}}'::int[]`));
}

/** Call it when the texts are gone. @returns how many words were deleted */
export async function forgetWords(client: pg.ClientBase): Promise<number> {
  return (await client.query(FORGET)).rowCount ?? 0;
}
