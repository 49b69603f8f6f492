import type { Operation } from './operation.ts';

/** Articles in turn: enough that they do not all stay in the processor's cache. */
const ARTICLES = 200;

/** The page of one article: the text, and the newest 20 conversations with the first 3 replies of each. */
export const article: Operation = {
  name: 'article',
  title: 'Article, 20 comments, 3 replies each',
  document: `query article($slug: String!) {
  article(slug: $slug) {
    title
    excerpt
    body { html }
    author { name slug }
    topics { name slug }
    commentCount
    comments(first: 20, orderBy: NEWEST) {
      nodes {
        author { name slug }
        body { html }
        createdAt
        replyCount
        replies(first: 3) {
          nodes {
            author { name slug }
            body { html }
          }
        }
      }
    }
  }
}`,
  async variables(client) {
    const lively = await client.query<{ slug: string }>(
      `SELECT a.slug
         FROM comment c JOIN article a ON a.id = c.article_id
        WHERE c.parent_id IS NULL AND c.visible AND c.reply_count > 0 AND a.status = 'PUBLISHED'
        GROUP BY a.id HAVING count(*) >= 20
        ORDER BY a.id LIMIT $1`,
      [ARTICLES],
    );
    return lively.rows;
  },
};
