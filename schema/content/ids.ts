/** Types that `node` finds, with the letter-for-letter name in their ids. */
export const NODE_TYPES = ['Article', 'Author', 'Topic', 'Comment'] as const;
export type NodeType = (typeof NODE_TYPES)[number];

const MAX_INT = 2 ** 31 - 1;

/** The public id of a row: unique across types, opaque to clients. */
export function encodeId(type: NodeType, id: number): string {
  return Buffer.from(`${type}:${id}`).toString('base64url');
}

/** The row that a public id names, or null when the text is no id of ours. */
export function decodeId(text: string): { type: NodeType; id: number } | null {
  const match = /^([A-Z][a-z]+):([1-9]\d{0,9})$/.exec(Buffer.from(text, 'base64url').toString());
  const type = NODE_TYPES.find((name) => name === match?.[1]);
  const id = Number(match?.[2]);
  return type && id <= MAX_INT && encodeId(type, id) === text ? { type, id } : null;
}

/** The row of one type that a public id names, or null when it names none, or one of another type. */
export function decodeIdOf(type: NodeType, text: string): number | null {
  const found = decodeId(text);
  return found?.type === type ? found.id : null;
}
