import type { Context, Queryable, Statement } from '../context.ts';
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
}

/** What the rules depend on beside the text. */
export type HoldFacts = [
  ...[isNew: boolean, recent: number, repeats: boolean, articleRecent: number],
  ...[forbiddenWords: string[], fingerprint: string],
];

/** What is read for a new comment, or for the edit of one: then its author counts, and an edit adds no comment to an article. */
type HoldSubject = { source: string } & ({ articleId: number; authorId: number } | { editedId: number });

const IS_OTHER = 'id IS DISTINCT FROM $2';

/** The facts for `holdReasonsOf`. The article's row is locked before, so that its comments are counted exactly. */
export function holdFacts({ settings: { hold } }: Context, subject: HoldSubject): Statement {
  const [articleId, authorId, editedId] =
    'editedId' in subject ? [null, null, subject.editedId] : [subject.articleId, subject.authorId, null];
  return {
    name: 'hold-facts',
    text: `SELECT $8 AND ${isNewWriter('w.id', IS_OTHER)}, ${recentOfWriter('w.id', '$5', IS_OTHER)},
      ${isRepeated('w.id', '$3', '$4', IS_OTHER)}, ${recentOnArticle('$6', '$7')},
      (SELECT coalesce(array_agg(word ORDER BY word), '{}') FROM forbidden_word), ${WORDS_FINGERPRINT}
      FROM (SELECT coalesce($1, (SELECT author_id FROM comment WHERE id = $2)) AS id OFFSET 0) w`,
    values: [
      ...[authorId, editedId, subject.source, hold.repeatedWithin, hold.frequent],
      ...[articleId, editedId === null ? hold.busyArticle : 0, hold.firstComment],
    ],
  };
}

/** Why a moderator must decide about this comment first; empty when it is visible at once. Staff are never held. */
export function holdReasonsOf(
  { viewer, settings: { hold }, forbiddenWords: cache }: Context,
  [isNew, recent, repeats, articleRecent, forbiddenWords, fingerprint]: HoldFacts,
  content: Text & Pick<Submission, 'policy'>,
): string[] {
  if (isStaff(viewer)) return [];
  cache.current = { words: forbiddenWords, fingerprint };
  return holdReasons({ ...content, writer: { isNew, recent, repeats }, articleRecent, forbiddenWords }, hold);
}

/** The same for a new comment, whose article's row the caller has locked. */
export async function findHoldReasons(
  tx: Queryable,
  context: Context,
  { articleId, authorId, ...content }: HoldCandidate,
): Promise<string[]> {
  if (isStaff(context.viewer)) return [];
  const facts = await queryRow<HoldFacts>(tx, holdFacts(context, { articleId, authorId, source: content.source }));
  return holdReasonsOf(context, facts, content);
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

/**
 * SQL that is true when no rule holds a new comment. Its parameters are SQL.
 * @param comment `before` counts comments that are written on the article before this one, and that the statement does not see
 */
export function holdsNothing(
  { fingerprint, isFirstHeld, repeatedWithin, frequent, busyArticle }: Record<keyof HoldConditions, string>,
  comment: { article: string; author: string; source: string; before: string },
): string {
  const { article, author, source, before } = comment;
  return `(${fingerprint} IS NULL OR ${fingerprint} = ${WORDS_FINGERPRINT})
    AND NOT (${isFirstHeld} AND ${isNewWriter(author)})
    AND NOT (${repeatedWithin} > 0 AND ${isRepeated(author, source, repeatedWithin)})
    AND (${frequent} = 0 OR ${recentOfWriter(author, frequent)} < ${frequent})
    AND (${busyArticle} = 0 OR ${recentOnArticle(article, busyArticle)} + ${before} < ${busyArticle})`;
}
