import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from './fragments.ts';

/** What an operation selects when its fragments are expanded, as execution sees it: fields of one response name are one. */
export interface ExpandedFields {
  /** Field nodes, each counted for each place in the response to which fragments bring it. */
  fields: number;
  /** Pairs of field nodes with one response name in one place: validation compares each pair. */
  pairs: number;
  /** Response names at the top. */
  rootFields: number;
}

/**
 * Counts the fields of an operation. Fragments can multiply them without bound, so counting ends at a limit, and the
 * result is then larger than the limit. A fragment that is spread twice in one place counts there once.
 * @param limit for fields and spreads together
 */
export function countExpandedFields(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  limit: number,
): ExpandedFields {
  const fragments = fragmentsOf(document);
  const counted: ExpandedFields = { fields: 0, pairs: 0, rootFields: 0 };
  const rootFields = collectFields([operation.selectionSet], fragments, counted);
  counted.rootFields = rootFields.size;
  // Not recursive: fragments that spread each other may be nested more deeply than the stack allows.
  const left = [...rootFields.values()];
  for (let nodes = left.pop(); nodes && counted.fields <= limit; nodes = left.pop()) {
    counted.pairs += (nodes.length * (nodes.length - 1)) / 2;
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    if (sets.length > 0) left.push(...collectFields(sets, fragments, counted).values());
  }
  return counted;
}

/**
 * Counts the fields of an operation as a text in which each spread is replaced by its fragment, equal ones too. Linear in the
 * document; the number may be very large. The fragments must not spread each other in a circle.
 */
export function countWrittenOutFields(document: DocumentNode, operation: OperationDefinitionNode): number {
  const fragments = fragmentsOf(document);
  const known = new Map<string, number>();
  const count = ({ selections }: SelectionSetNode): number =>
    selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + 1 + (selection.selectionSet ? count(selection.selectionSet) : 0);
      if (selection.kind === Kind.INLINE_FRAGMENT) return sum + count(selection.selectionSet);
      const name = selection.name.value;
      const ofFragment = known.get(name) ?? count(fragments.get(name)!.selectionSet);
      known.set(name, ofFragment);
      return sum + ofFragment;
    }, 0);
  return count(operation.selectionSet);
}

/** The field nodes of one place by response name. */
function collectFields(
  sets: readonly SelectionSetNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  counted: ExpandedFields,
): Map<string, FieldNode[]> {
  const found = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  const left = [...sets];
  for (let set = left.pop(); set; set = left.pop()) {
    counted.fields += set.selections.length;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        const nodes = found.get(name);
        if (nodes) nodes.push(selection);
        else found.set(name, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        left.push(selection.selectionSet);
      } else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) left.push(fragment.selectionSet);
      }
    }
  }
  return found;
}
