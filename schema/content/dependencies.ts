/**
 * Subjects of changes besides articles, which have their ids. The triggers of the tables note them in `content_change`.
 * Everything that is read depends on CONTENT: which articles are public, their addresses and their order by date, topics, and
 * the columns of authors that are shown.
 */
export const CONTENT = 0;
/** An author came, or became public or not. */
export const PEOPLE = -1;
/** The index of the search. */
export const SEARCH = -2;
/** Any change at all. No change is noted under it. */
export const ANYTHING = -3;

/** Collects the subjects that an operation reads. Its result can be sent again until one of them changes. */
export class Dependencies {
  /** Besides CONTENT. */
  readonly subjects = new Set<number>();
  /** False when the result is of this moment alone. */
  isReusable = true;
}
