import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLResolveInfo,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/** The fields a query asks for below a place, by name, whatever their aliases, fragments and conditions. */
export interface Selection {
  has(name: string): boolean;
  at(...path: string[]): Selection;
  /** The places that ask for a field, each with its arguments. */
  fieldNodes(name: string): readonly FieldNode[];
  /** What is asked of a connection's nodes, through `nodes` and through `edges`. */
  readonly node: Selection;
}

type Fragments = Record<string, FragmentDefinitionNode>;

class Fields implements Selection {
  readonly #sets: readonly SelectionSetNode[];
  readonly #fragments: Fragments;
  #below: Map<string, { fieldNodes: FieldNode[]; fields: Fields }> | undefined;
  #node: Fields | undefined;

  constructor(sets: readonly SelectionSetNode[], fragments: Fragments) {
    this.#sets = sets;
    this.#fragments = fragments;
  }

  has(name: string): boolean {
    return this.#fields().has(name);
  }

  at(...path: string[]): Fields {
    let here: Fields = this;
    for (const name of path) here = here.#fields().get(name)?.fields ?? NO_FIELDS;
    return here;
  }

  fieldNodes(name: string): readonly FieldNode[] {
    return this.#fields().get(name)?.fieldNodes ?? [];
  }

  get node(): Fields {
    this.#node ??= new Fields([...this.at('nodes').#sets, ...this.at('edges', 'node').#sets], this.#fragments);
    return this.#node;
  }

  #fields(): Map<string, { fieldNodes: FieldNode[]; fields: Fields }> {
    if (!this.#below) {
      const found = new Map<string, FieldNode[]>();
      for (const set of this.#sets) collectFields(set, this.#fragments, found);
      this.#below = new Map(
        [...found].map(([name, fieldNodes]) => {
          const sets = fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
          return [name, { fieldNodes, fields: new Fields(sets, this.#fragments) }];
        }),
      );
    }
    return this.#below;
  }
}

/** No field at all: for rows of which it only matters that they are there. */
export const NO_FIELDS = new Fields([], {});

/** Every field of every type: for rows of which it is not known what will be asked. */
export const ALL_FIELDS: Selection = {
  has: () => true,
  at: () => ALL_FIELDS,
  fieldNodes: () => [],
  get node() {
    return ALL_FIELDS;
  },
};

function collectFields(set: SelectionSetNode, fragments: Fragments, into: Map<string, FieldNode[]>): void {
  for (const node of set.selections) {
    if (node.kind === Kind.FIELD) {
      const fieldNodes = into.get(node.name.value);
      if (fieldNodes) fieldNodes.push(node);
      else into.set(node.name.value, [node]);
    } else if (node.kind === Kind.INLINE_FRAGMENT) {
      collectFields(node.selectionSet, fragments, into);
    } else {
      const fragment = fragments[node.name.value];
      if (fragment) collectFields(fragment.selectionSet, fragments, into);
    }
  }
}

// Parsed documents are cached, so the same query brings the same nodes and is looked through once. A fragment can bring
// one node to several places, so all nodes of the field have to be those that were looked through.
const known = new WeakMap<FieldNode, { nodes: readonly FieldNode[]; selection: Selection }>();

/**
 * What the query asks for below the field being resolved: all that it may need, and sometimes more (a field under
 * `@include(if: false)`, or of another type of a union).
 */
export function selectionOf({
  fieldNodes,
  fragments,
}: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>): Selection {
  const first = fieldNodes[0]!;
  const before = known.get(first);
  if (before?.nodes.length === fieldNodes.length && before.nodes.every((node, i) => node === fieldNodes[i]))
    return before.selection;
  const sets = fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const selection = new Fields(sets, fragments);
  known.set(first, { nodes: fieldNodes, selection });
  return selection;
}
