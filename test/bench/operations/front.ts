import type { Operation } from './operation.ts';

/** The front page: the 20 newest articles. */
export const front: Operation = {
  name: 'front',
  title: 'Front page, 20 articles',
  document: `query front {
  articles(first: 20) {
    nodes {
      title
      slug
      excerpt
      publishedAt
      author { name slug }
      topics { name slug }
      commentCount
    }
  }
}`,
  variables: async () => [{}],
};
