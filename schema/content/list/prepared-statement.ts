import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Statement } from '../context.ts';

/** Length of all texts whose uses are counted, in UTF-16 code units. */
const MAX_LENGTH = 4_000_000;
/** Longest text that is prepared: every connection keeps its plan. */
const MAX_PREPARED_LENGTH = 20_000;
/** Uses of a text before it is prepared: a text that is sent once is not worth a plan on every connection. */
const PREPARE_AFTER = 2;

interface TextUse {
  count: number;
  /** The prepared statement's name, from the use after PREPARE_AFTER on. */
  name: string | undefined;
}

const uses = new LRUCache<string, TextUse>({ maxSize: MAX_LENGTH, sizeCalculation: (_, text) => text.length });

/**
 * A statement that only reads, and gets a name when its text is used repeatedly, so that each connection plans it once. Texts depend on
 * the code and, in the columns they select, on the query documents.
 */
export function preparedStatement(text: string, values: unknown[]): Statement {
  if (text.length > MAX_PREPARED_LENGTH) return { text, values };
  let use = uses.get(text);
  if (!use) {
    use = { count: 0, name: undefined };
    uses.set(text, use);
  }
  use.count += 1;
  if (use.count > PREPARE_AFTER) use.name ??= createHash('sha256').update(text).digest('base64url').slice(0, 22);
  return use.name ? { name: use.name, text, values, isShareable: true } : { text, values };
}
