import type { PeerRequest } from '../operations/peer-request.ts';
import { type Byline, type CommentNode, commentShape, instant, TOPICS, type Topics, topicsShape } from './shapes.ts';

interface Data {
  articleBySlug: {
    title: string;
    excerpt: string;
    bodyHtml: string;
    authorByAuthorId: Byline;
    articleTopicsByArticleId: Topics;
    commentCount: number;
    commentsByArticleId: { nodes: ConversationNode[] };
  };
}

interface ConversationNode extends CommentNode {
  replyCount: number;
  commentsByParentId: { nodes: CommentNode[] };
}

// PARENT_ID_DESC shows PostgreSQL that the index holds the order of top-level comments, and the replies' `articleId` is
// what the same index begins with.
export const article: PeerRequest = {
  document: `query article($slug: String!) {
  articleBySlug(slug: $slug) {
    title
    excerpt
    bodyHtml
    authorByAuthorId { name slug }
    ${TOPICS}
    commentCount
    commentsByArticleId(
      first: 20
      condition: { parentId: null, visible: true }
      orderBy: [PARENT_ID_DESC, CREATED_AT_DESC, ROW_ID_DESC]
    ) {
      nodes {
        status
        authorByAuthorId { name slug }
        bodyHtml
        createdAt
        replyCount
        commentsByParentId(first: 3, condition: { visible: true }, orderBy: [CREATED_AT_ASC, ROW_ID_ASC]) {
          nodes {
            status
            authorByAuthorId { name slug }
            bodyHtml
          }
        }
      }
    }
  }
}`,
  shape({ articleBySlug: row }: Data) {
    return {
      article: {
        title: row.title,
        excerpt: row.excerpt,
        body: { html: row.bodyHtml },
        author: row.authorByAuthorId,
        topics: topicsShape(row.articleTopicsByArticleId),
        commentCount: row.commentCount,
        comments: {
          nodes: row.commentsByArticleId.nodes.map((comment) => ({
            ...commentShape(comment),
            createdAt: instant(comment.createdAt),
            replyCount: comment.replyCount,
            replies: { nodes: comment.commentsByParentId.nodes.map(commentShape) },
          })),
        },
      },
    };
  },
};
