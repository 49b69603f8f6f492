import { type DocumentNode, visit } from 'graphql';

/**
 * Whether a document has conditions, and a fragment that is spread more than once. graphql-jit joins the conditions of
 * all places where it finds a field of such a fragment, and omits fields that only one of them includes. Pure.
 */
export function hasConditionalFragments(document: DocumentNode): boolean {
  const spread = new Set<string>();
  let isSpreadTwice = false;
  let hasConditions = false;
  visit(document, {
    FragmentSpread({ name }) {
      if (spread.has(name.value)) isSpreadTwice = true;
      spread.add(name.value);
    },
    Directive({ name }) {
      if (name.value === 'include' || name.value === 'skip') hasConditions = true;
    },
  });
  return isSpreadTwice && hasConditions;
}
