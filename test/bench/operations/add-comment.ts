import { encodeId } from '../../../schema/content/ids.ts';
import type { Operation, Variables } from './operation.ts';

/** Articles in turn: enough that writers seldom wait for each other, since each locks its article. */
const ARTICLES = 200;

/** A guest comments on an article. Each article has a guest of its own, whose row counts the comments. */
export const addComment: Operation = {
  name: 'addComment',
  title: 'Add a comment',
  document: `mutation addComment($input: AddCommentInput!) {
  addComment(input: $input) {
    ... on AddCommentSuccess {
      held
      comment {
        id
        body { html }
        author { name slug }
      }
    }
    ... on Error { code message }
  }
}`,
  async variables(client) {
    const quiet = await client.query<{ id: number }>(
      `SELECT id FROM article WHERE status = 'PUBLISHED' ORDER BY comment_count, id LIMIT $1`,
      [ARTICLES],
    );
    return quiet.rows.map(({ id }) => newComment(id));
  },
  writes: true,
};

/** The variables of a comment on an article. */
export function newComment(articleId: number): Variables {
  return {
    input: {
      articleId: encodeId('Article', articleId),
      body: 'Thank you for this, and for the drawing. My teacher had the soprano and the wine glass.',
      guest: { name: `Visitor ${articleId}`, email: `visitor${articleId}@example.com` },
    },
  };
}
