import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLResolveInfo,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { Selection } from '../content/selection.ts';

/** The fields that a document selects below one field, by name, whatever their aliases, fragments and conditions. */
export interface FieldSelection extends Selection {
  at(...path: string[]): FieldSelection;
  /** Every selection of a field, each with its arguments. */
  fieldNodes(name: string): readonly FieldNode[];
  /** The fields that the document selects of a connection's rows, through `nodes` and through `edges`. */
  readonly node: FieldSelection;
}

type Fragments = Record<string, FragmentDefinitionNode>;

class SelectedFields implements FieldSelection {
  readonly #sets: readonly SelectionSetNode[];
  readonly #fragments: Fragments;
  #below: Map<string, { fieldNodes: FieldNode[]; fields: SelectedFields }> | undefined;
  #node: SelectedFields | undefined;

  constructor(sets: readonly SelectionSetNode[], fragments: Fragments) {
    this.#sets = sets;
    this.#fragments = fragments;
  }

  has(name: string): boolean {
    return this.#fields().has(name);
  }

  at(...path: string[]): SelectedFields {
    let here: SelectedFields = this;
    for (const name of path) here = here.#fields().get(name)?.fields ?? NOTHING_SELECTED;
    return here;
  }

  fieldNodes(name: string): readonly FieldNode[] {
    return this.#fields().get(name)?.fieldNodes ?? [];
  }

  get node(): SelectedFields {
    this.#node ??= new SelectedFields([...this.at('nodes').#sets, ...this.at('edges', 'node').#sets], this.#fragments);
    return this.#node;
  }

  #fields(): Map<string, { fieldNodes: FieldNode[]; fields: SelectedFields }> {
    if (!this.#below) {
      const found = collectFields(this.#sets, this.#fragments);
      this.#below = new Map(
        [...found].map(([name, fieldNodes]) => {
          const sets = fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
          return [name, { fieldNodes, fields: new SelectedFields(sets, this.#fragments) }];
        }),
      );
    }
    return this.#below;
  }
}

const NOTHING_SELECTED = new SelectedFields([], {});

/** Each fragment once, as in execution: fragments that spread each other twice would be visited 2^n times. */
function collectFields(sets: readonly SelectionSetNode[], fragments: Fragments): Map<string, FieldNode[]> {
  const found = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  const visit = ({ selections }: SelectionSetNode): void => {
    for (const node of selections) {
      if (node.kind === Kind.FIELD) {
        const fieldNodes = found.get(node.name.value);
        if (fieldNodes) fieldNodes.push(node);
        else found.set(node.name.value, [node]);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        visit(node.selectionSet);
      } else if (!visited.has(node.name.value)) {
        visited.add(node.name.value);
        const fragment = fragments[node.name.value];
        if (fragment) visit(fragment.selectionSet);
      }
    }
  };
  sets.forEach(visit);
  return found;
}

// Parsed documents are cached, so the same nodes come back and are read once. A fragment puts one node into several
// places, so a known selection counts only for exactly the same list of nodes.
const known = new WeakMap<FieldNode, { nodes: readonly FieldNode[]; selection: FieldSelection }>();

/**
 * The fields selected below the field being resolved. An upper bound: it includes fields under `@include(if: false)` and
 * those of other members of a union.
 */
export function selectionOf({
  fieldNodes,
  fragments,
}: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>): FieldSelection {
  const first = fieldNodes[0]!;
  const before = known.get(first);
  if (before?.nodes.length === fieldNodes.length && before.nodes.every((node, i) => node === fieldNodes[i]))
    return before.selection;
  const sets = fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const selection = new SelectedFields(sets, fragments);
  known.set(first, { nodes: fieldNodes, selection });
  return selection;
}
