import type { PeerRequest } from '../operations/peer-request.ts';
import { type Byline, instant, TOPICS, type Topics, topicsShape } from './shapes.ts';

interface Data {
  allArticles: { nodes: (ArticleNode & { authorByAuthorId: Byline })[] };
}

export interface ArticleNode {
  title: string;
  slug: string;
  excerpt: string;
  publishedAt: string;
  articleTopicsByArticleId: Topics;
  commentCount: number;
}

export const ARTICLE_FIELDS = `title
slug
excerpt
publishedAt
commentCount
${TOPICS}`;

export function articleShape({ articleTopicsByArticleId, publishedAt, ...columns }: ArticleNode): object {
  return { ...columns, publishedAt: instant(publishedAt), topics: topicsShape(articleTopicsByArticleId) };
}

export const front: PeerRequest = {
  document: `query front {
  allArticles(first: 20, condition: { status: PUBLISHED }, orderBy: [PUBLISHED_AT_DESC, ROW_ID_DESC]) {
    nodes {
      ${ARTICLE_FIELDS}
      authorByAuthorId { name slug }
    }
  }
}`,
  shape({ allArticles }: Data) {
    return {
      articles: {
        nodes: allArticles.nodes.map(({ authorByAuthorId, ...row }) => ({
          ...articleShape(row),
          author: authorByAuthorId,
        })),
      },
    };
  },
};
