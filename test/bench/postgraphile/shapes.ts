import { encodeId } from '../../../schema/content/ids.ts';

/** How PostGraphile answers what the graph's types show, and the graph's shape of it. */
export interface Byline {
  name: string;
  slug: string;
}

export interface CommentNode {
  id: string;
  status: string;
  bodyHtml: string;
  createdAt: string;
  authorByAuthorId: Byline;
}

/** PostGraphile has no rule that hides the text and the author of a removed comment, so it sends them with the status. */
export function commentShape({ status, bodyHtml, authorByAuthorId }: CommentNode): object {
  const isShown = status !== 'REMOVED';
  return { author: isShown ? authorByAuthorId : null, body: isShown ? { html: bodyHtml } : null };
}

/** Its instants have a zone and microseconds. */
export function instant(text: string): string {
  return new Date(text).toISOString();
}

/** Its ids are JSON with the type and the key. */
export function globalId(id: string): string {
  const [type, key] = JSON.parse(Buffer.from(id, 'base64').toString()) as ['Comment', number];
  return encodeId(type, key);
}

export interface Topics {
  nodes: { topicByTopicId: Byline }[];
}

export function topicsShape({ nodes }: Topics): Byline[] {
  return nodes.map(({ topicByTopicId }) => topicByTopicId);
}

export const TOPICS = `articleTopicsByArticleId(orderBy: [POSITION_ASC, TOPIC_ID_ASC]) {
  nodes { topicByTopicId { name slug } }
}`;
