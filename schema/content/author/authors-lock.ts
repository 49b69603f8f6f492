import type { Statement } from '../context.ts';

/** Locks the authors that exist, in order of id. @param writers ids, and keys of guests */
export function authorsLock(writers: readonly (number | string)[]): Statement {
  return {
    name: 'authors-lock',
    text: 'SELECT FROM author WHERE id = ANY ($1::int[]) OR guest_key = ANY ($2::text[]) ORDER BY id FOR NO KEY UPDATE',
    values: [
      writers.filter((writer) => typeof writer === 'number'),
      writers.filter((writer) => typeof writer === 'string'),
    ],
  };
}
