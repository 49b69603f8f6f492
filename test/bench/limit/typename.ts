import type { LimitStatement } from './statement.ts';

/** Nothing is read: a statement more than is needed. */
export const typename: LimitStatement = {
  text: `SELECT json_build_object('data', json_build_object('__typename', 'Query'))::text`,
  values: () => [],
};
