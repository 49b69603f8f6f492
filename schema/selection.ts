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
  /** What is asked of a connection's nodes, through `nodes` and through `edges`. */
  readonly node: Selection;
}

type Fragments = Record<string, FragmentDefinitionNode>;

class Fields implements Selection {
  readonly #sets: readonly SelectionSetNode[];
  readonly #fragments: Fragments;
  #below: Map<string, Fields> | undefined;
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
    for (const name of path) here = here.#fields().get(name) ?? NOTHING;
    return here;
  }

  get node(): Fields {
    this.#node ??= new Fields([...this.at('nodes').#sets, ...this.at('edges', 'node').#sets], this.#fragments);
    return this.#node;
  }

  #fields(): Map<string, Fields> {
    if (!this.#below) {
      const sets = new Map<string, SelectionSetNode[]>();
      for (const set of this.#sets) gather(set, this.#fragments, sets);
      this.#below = new Map([...sets].map(([name, below]) => [name, new Fields(below, this.#fragments)]));
    }
    return this.#below;
  }
}

const NOTHING = new Fields([], {});

/** Every field of every type: for rows of which it is not known what will be asked. */
export const EVERYTHING: Selection = {
  has: () => true,
  at: () => EVERYTHING,
  get node() {
    return EVERYTHING;
  },
};

function gather(set: SelectionSetNode, fragments: Fragments, into: Map<string, SelectionSetNode[]>): void {
  for (const node of set.selections) {
    if (node.kind === Kind.FIELD) {
      const below = into.get(node.name.value) ?? [];
      if (node.selectionSet) below.push(node.selectionSet);
      into.set(node.name.value, below);
    } else if (node.kind === Kind.INLINE_FRAGMENT) {
      gather(node.selectionSet, fragments, into);
    } else {
      const fragment = fragments[node.name.value];
      if (fragment) gather(fragment.selectionSet, fragments, into);
    }
  }
}

// Parsed documents are cached, so the same query brings the same nodes and is looked through once.
const known = new WeakMap<FieldNode, Selection>();

/**
 * What the query asks for below the field being resolved. It may name more than will be needed (a field under
 * `@include(if: false)`), and less where one document uses a fragment in two ways: an optimisation may follow it,
 * an answer must not depend on it.
 */
export function selectionOf(info: GraphQLResolveInfo): Selection {
  const [node] = info.fieldNodes;
  let selection = node && known.get(node);
  if (!selection) {
    const sets = info.fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    selection = new Fields(sets, info.fragments);
    if (node) known.set(node, selection);
  }
  return selection;
}
