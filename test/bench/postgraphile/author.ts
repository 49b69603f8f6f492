import type { PeerRequest } from '../operations/peer-request.ts';
import { ARTICLE_FIELDS, type ArticleNode, articleShape } from './front.ts';

interface Data {
  authorBySlug: {
    name: string;
    bioHtml: string | null;
    articleCount: number;
    articlesByAuthorId: { nodes: ArticleNode[]; pageInfo: object };
  };
}

export const author: PeerRequest = {
  document: `query author($slug: String!) {
  authorBySlug(slug: $slug) {
    name
    bioHtml
    articleCount
    articlesByAuthorId(first: 10, condition: { status: PUBLISHED }, orderBy: [PUBLISHED_AT_DESC, ROW_ID_DESC]) {
      nodes {
        ${ARTICLE_FIELDS}
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}`,
  shape({ authorBySlug: { name, bioHtml, articleCount, articlesByAuthorId } }: Data) {
    return {
      author: {
        name,
        bio: bioHtml === null ? null : { html: bioHtml },
        articleCount,
        articles: { nodes: articlesByAuthorId.nodes.map(articleShape), pageInfo: articlesByAuthorId.pageInfo },
      },
    };
  },
};
