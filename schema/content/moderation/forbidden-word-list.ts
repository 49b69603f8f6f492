/** The forbidden words, as one statement has read them. */
interface ForbiddenWordList {
  words: readonly string[];
  /** Differs from that of any other list. */
  fingerprint: string;
}

/** The list that a gateway has read last. It may have changed since: a change that depends on it compares fingerprints. */
export interface ForbiddenWordCache {
  current: ForbiddenWordList | null;
}

/** SQL of the fingerprint of the words. */
export const WORDS_FINGERPRINT = '(SELECT coalesce(sum(hashtextextended(word, 0)), 0)::text FROM forbidden_word)';
