import { LARGE_SLUG } from '../seed/scale.ts';
import type { Operation, OperationName } from './operation.ts';

/** The first 100 rows of the largest discussion, in reading order. */
const readingOrder = (name: OperationName, parent: string): Omit<Operation, 'title'> => ({
  name,
  document: `query ${name}($slug: String!) {
  article(slug: $slug) {
    thread(first: 100) {
      rows {
        depth
        cursor
        comment {
          id
          body { html }
          createdAt
          author { name slug }${parent}
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}`,
  variables: async () => [{ slug: LARGE_SLUG }],
});

export const thread: Operation = { ...readingOrder('thread', ''), title: 'Reading order, 100 comments' };

export const threadParents: Operation = {
  ...readingOrder('threadParents', '\n          parent { id }'),
  title: 'Reading order, with `parent { id }`',
};
