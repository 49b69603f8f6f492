import { fnv1a } from './checksum.ts';

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

/**
 * Who has written: no content, but what a sender must find in a replica before reading there. Two numbers of senders may be the same;
 * then both wait.
 */
const WRITERS = -(2 ** 30);
const WRITER_NUMBERS = 2 ** 29;

/** The subject of what an author has written, from SQL of its id. */
export const authorWrites = (id: string): string => `(${WRITERS - 1} - ${id} % ${WRITER_NUMBERS})`;

/** The subject of what a sender has written. @param sender id of an author, or a network address that nobody is signed in from */
export function writesOf(sender: number | string): number {
  return typeof sender === 'number'
    ? WRITERS - 1 - (sender % WRITER_NUMBERS)
    : WRITERS - 1 - WRITER_NUMBERS - (fnv1a(sender) % WRITER_NUMBERS);
}

export function isWrites(subject: number): boolean {
  return subject < WRITERS;
}

/** Collects the subjects that an operation reads. Its result can be sent again until one of them changes. */
export class Dependencies {
  /** Besides CONTENT. */
  readonly subjects = new Set<number>();
  /** False when the result is of this moment alone. */
  isReusable = true;
}
