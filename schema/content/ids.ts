import { base64url } from './base64url.ts';

// Public ids belong to the domain and not to the graph: functions of content/ take them as any client sends them (GraphQL,
// a web page, a feed) and answer an id that they cannot read like one of a row that does not exist.

/** The types that have public ids, as their ids spell them. */
export const NODE_TYPES = ['Article', 'Author', 'Topic', 'Comment'] as const;
export type NodeType = (typeof NODE_TYPES)[number];

const MAX_INT = 2 ** 31 - 1;

/** UTF-16 code units of the longest public id. A longer text is not decoded, since an operation may repeat it thousands of times. */
const LONGEST_ID = encodeId('Comment', MAX_INT).length;

/** The public id of a row: unique across types, opaque to clients. */
export function encodeId(type: NodeType, id: number): string {
  return base64url(`${type}:${id}`);
}

/** The row that a public id names, or null when the text is not a public id. */
export function decodeId(text: string): { type: NodeType; id: number } | null {
  if (text.length > LONGEST_ID) return null;
  const match = /^([A-Z][a-z]+):([1-9]\d{0,9})$/.exec(Buffer.from(text, 'base64url').toString());
  const type = NODE_TYPES.find((name) => name === match?.[1]);
  const id = Number(match?.[2]);
  return type && id <= MAX_INT && encodeId(type, id) === text ? { type, id } : null;
}

/** The row of one type that a public id names, or null when the text is not a public id of that type. */
export function decodeIdOf(type: NodeType, text: string): number | null {
  const decoded = decodeId(text);
  return decoded?.type === type ? decoded.id : null;
}
