import type { Context, Queryable } from '../context.ts';
import { queryRow } from '../query.ts';
import { isStaff } from '../roles.ts';
import { WORDS_FINGERPRINT } from './forbidden-word-list.ts';
import { isNewWriter, isRepeated, recentOfWriter, recentOnArticle } from './hold-history.ts';
import { holdReasons, type Submission } from './hold-rules.ts';

type Text = Pick<Submission, 'source' | 'html' | 'text'>;

/** A comment before it is added or edited. */
export interface HoldCandidate extends Text, Pick<Submission, 'policy'> {
  articleId: number;
  authorId: number;
  /** Null for a comment that is not added yet. */
  id: number | null;
}

type HoldFacts = [
  ...[isNew: boolean, recent: number, repeats: boolean, articleRecent: number],
  ...[forbiddenWords: string[], fingerprint: string],
];

const IS_OTHER = 'id IS DISTINCT FROM $2';

/**
 * Why a moderator must decide about this comment first; empty when it is visible at once. Staff are never held. The caller
 * has locked the article's row, so the comments of the article are counted exactly.
 */
export async function findHoldReasons(
  tx: Queryable,
  { viewer, settings: { hold }, forbiddenWords: cache }: Context,
  { articleId, authorId, id, ...content }: HoldCandidate,
): Promise<string[]> {
  if (isStaff(viewer)) return [];
  const [isNew, recent, repeats, articleRecent, forbiddenWords, fingerprint] = await queryRow<HoldFacts>(tx, {
    name: 'hold-facts',
    text: `SELECT $8 AND ${isNewWriter('$1', IS_OTHER)}, ${recentOfWriter('$1', '$5', IS_OTHER)},
      ${isRepeated('$1', '$3', '$4', IS_OTHER)}, ${recentOnArticle('$6', '$7')},
      (SELECT coalesce(array_agg(word ORDER BY word), '{}') FROM forbidden_word), ${WORDS_FINGERPRINT}`,
    values: [
      ...[authorId, id, content.source, hold.repeatedWithin, hold.frequent],
      // An edit adds no comment.
      ...[articleId, id === null ? hold.busyArticle : 0, hold.firstComment],
    ],
  });
  cache.current = { words: forbiddenWords, fingerprint };
  return holdReasons({ ...content, writer: { isNew, recent, repeats }, articleRecent, forbiddenWords }, hold);
}

/** Conditions under which a comment is visible at once, as values of `holdsNothing`. */
export interface HoldConditions {
  /** Of the forbidden words, none of which the text has; null when they do not matter. */
  fingerprint: string | null;
  isFirstHeld: boolean;
  repeatedWithin: number;
  frequent: number;
  busyArticle: number;
}

const NO_CONDITIONS: HoldConditions = {
  fingerprint: null,
  isFirstHeld: false,
  repeatedWithin: 0,
  frequent: 0,
  busyArticle: 0,
};

/**
 * The conditions that remain for a new comment once its text is known; null when the text alone holds it, or the forbidden words are not
 * known yet. Reads nothing.
 */
export function holdConditions(
  { viewer, settings: { hold }, forbiddenWords: { current } }: Context,
  text: Text,
): HoldConditions | null {
  if (isStaff(viewer)) return NO_CONDITIONS;
  if (!current) return null;
  const { words, fingerprint } = current;
  const writer = { isNew: false, recent: 0, repeats: false };
  const reasons = holdReasons({ ...text, policy: 'OPEN', writer, articleRecent: 0, forbiddenWords: words }, hold);
  if (reasons.length > 0) return null;
  const { firstComment, repeatedWithin, frequent, busyArticle } = hold;
  return { fingerprint, isFirstHeld: firstComment, repeatedWithin, frequent, busyArticle };
}

/** SQL that is true when no rule holds a new comment. Its parameters are SQL. */
export function holdsNothing(
  { fingerprint, isFirstHeld, repeatedWithin, frequent, busyArticle }: Record<keyof HoldConditions, string>,
  { article, author, source }: { article: string; author: string; source: string },
): string {
  return `(${fingerprint} IS NULL OR ${fingerprint} = ${WORDS_FINGERPRINT})
    AND NOT (${isFirstHeld} AND ${isNewWriter(author)})
    AND NOT (${repeatedWithin} > 0 AND ${isRepeated(author, source, repeatedWithin)})
    AND (${frequent} = 0 OR ${recentOfWriter(author, frequent)} < ${frequent})
    AND (${busyArticle} = 0 OR ${recentOnArticle(article, busyArticle)} < ${busyArticle})`;
}
