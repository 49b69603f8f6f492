import type { Operation } from './operation.ts';

/** The page of one author: who they are, and their 10 newest articles. */
export const author: Operation = {
  name: 'author',
  title: 'Author, 10 articles',
  document: `query author($slug: String!) {
  author(slug: $slug) {
    name
    bio { html }
    articleCount
    articles(first: 10) {
      nodes {
        title
        slug
        excerpt
        publishedAt
        commentCount
        topics { name slug }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}`,
  async variables(client) {
    const writers = await client.query<{ slug: string }>(
      'SELECT slug FROM author WHERE article_count > 10 ORDER BY id',
    );
    return writers.rows;
  },
};
