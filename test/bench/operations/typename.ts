import type { Operation } from './operation.ts';

/** What a server does for a request that reads nothing. */
export const typename: Operation = {
  name: 'typename',
  title: '`{ __typename }`',
  document: 'query typename { __typename }',
  variables: async () => [{}],
};
