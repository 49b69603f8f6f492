import { LARGE_ARTICLE } from '../seed/scale.ts';
import type { Operation } from './operation.ts';

/** The first 100 rows of the largest discussion, in reading order. */
export const thread: Operation = {
  name: 'thread',
  document: `query thread($slug: String!) {
  article(slug: $slug) {
    thread(first: 100) {
      rows {
        depth
        cursor
        comment {
          id
          body { html }
          createdAt
          author { name slug }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}`,
  async variables(client) {
    const large = await client.query<{ slug: string }>('SELECT slug FROM article WHERE id = $1', [LARGE_ARTICLE]);
    return large.rows;
  },
};
