import type { PeerRequest } from '../operations/peer-request.ts';
import { type CommentNode, commentShape, globalId, instant } from './shapes.ts';

interface Data {
  articleBySlug: { commentsByArticleId: { edges: { cursor: string; node: RowNode }[]; pageInfo: object } };
}

interface RowNode extends CommentNode {
  depth: number;
  commentByParentId?: { id: string } | null;
}

const readingOrder = (name: string, parent: string): PeerRequest => ({
  document: `query ${name}($slug: String!) {
  articleBySlug(slug: $slug) {
    commentsByArticleId(first: 100, condition: { visible: true }, orderBy: [PATH_ASC]) {
      edges {
        cursor
        node {
          depth
          id
          status
          bodyHtml
          createdAt
          authorByAuthorId { name slug }${parent}
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}`,
  shape({ articleBySlug: { commentsByArticleId: page } }: Data) {
    return {
      article: {
        thread: {
          rows: page.edges.map(({ cursor, node }) => ({
            depth: node.depth,
            cursor,
            comment: {
              id: globalId(node.id),
              ...commentShape(node),
              createdAt: instant(node.createdAt),
              ...parentShape(node),
            },
          })),
          pageInfo: page.pageInfo,
        },
      },
    };
  },
});

function parentShape({ commentByParentId: parent }: RowNode): object {
  if (parent === undefined) return {};
  return { parent: parent && { id: globalId(parent.id) } };
}

export const thread = readingOrder('thread', '');

export const threadParents = readingOrder('threadParents', '\n          commentByParentId { id }');
