import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLResolveInfo,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { FirstPage, Selection } from '../content/selection.ts';
import { addPageVariables, firstPageOf, type PageVariables, usedVariables, type Variables } from './page-arguments.ts';

/** The fields that a document selects below one field, by name, whatever their aliases, fragments and conditions. */
export interface FieldSelection extends Selection {
  at(...path: string[]): FieldSelection;
  /** No field but the id is selected: no row must be read where the id is known. */
  readonly isIdOnly: boolean;
  /** The fields that the document selects of a connection's rows, through `nodes` and through `edges`. */
  readonly node: FieldSelection;
}

type Fragments = Record<string, FragmentDefinitionNode>;

/** Selected fields of one name. */
interface Selected {
  fieldNodes: FieldNode[];
  /** A condition, of its own or of a fragment around it, may leave it out. */
  isConditional: boolean;
}

class SelectedFields implements FieldSelection {
  readonly #sets: readonly SelectionSetNode[];
  readonly #fragments: Fragments;
  /** Of the variables in arguments of lists. */
  readonly #variables: Variables;
  #below: Map<string, Selected & { fields: SelectedFields }> | undefined;
  #node: SelectedFields | undefined;

  constructor(sets: readonly SelectionSetNode[], fragments: Fragments, variables: Variables = {}) {
    this.#sets = sets;
    this.#fragments = fragments;
    this.#variables = variables;
  }

  has(name: string): boolean {
    return this.#fields().has(name);
  }

  at(...path: string[]): SelectedFields {
    let here: SelectedFields = this;
    for (const name of path) here = here.#fields().get(name)?.fields ?? NOTHING_SELECTED;
    return here;
  }

  get node(): SelectedFields {
    this.#node ??= new SelectedFields(
      [...this.at('nodes').#sets, ...this.at('edges', 'node').#sets],
      this.#fragments,
      this.#variables,
    );
    return this.#node;
  }

  get isIdOnly(): boolean {
    for (const name of this.#fields().keys()) if (name !== 'id' && name !== '__typename') return false;
    return true;
  }

  firstPage(name: string): FirstPage | null {
    const selected = this.#fields().get(name);
    if (!selected || selected.isConditional) return null;
    const [first, ...others] = selected.fieldNodes.map((node) => firstPageOf(node, this.#variables));
    return first && others.every((other) => other?.size === first.size && other.order === first.order) ? first : null;
  }

  /** Adds what first pages below depend on: variables whose values they need, and others that must be null. */
  addVariables(names: PageVariables): void {
    for (const { fieldNodes, fields } of this.#fields().values()) {
      for (const node of fieldNodes) addPageVariables(node, names);
      fields.addVariables(names);
    }
  }

  #fields(): Map<string, Selected & { fields: SelectedFields }> {
    if (!this.#below) {
      const found = collectFields(this.#sets, this.#fragments);
      this.#below = new Map(
        [...found].map(([name, selected]) => {
          const sets = selected.fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
          return [name, { ...selected, fields: new SelectedFields(sets, this.#fragments, this.#variables) }];
        }),
      );
    }
    return this.#below;
  }
}

const NOTHING_SELECTED = new SelectedFields([], {});

/** Each fragment once, as in execution: fragments that spread each other twice would be visited 2^n times. */
function collectFields(sets: readonly SelectionSetNode[], fragments: Fragments): Map<string, Selected> {
  const found = new Map<string, Selected>();
  const visited = new Set<string>();
  const visit = ({ selections }: SelectionSetNode, isOptional: boolean): void => {
    for (const node of selections) {
      const isConditional = isOptional || (node.directives?.length ?? 0) > 0;
      if (node.kind === Kind.FIELD) {
        const selected = found.get(node.name.value);
        if (!selected) found.set(node.name.value, { fieldNodes: [node], isConditional });
        else {
          selected.fieldNodes.push(node);
          selected.isConditional ||= isConditional;
        }
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        visit(node.selectionSet, isConditional);
      } else if (!visited.has(node.name.value)) {
        visited.add(node.name.value);
        const fragment = fragments[node.name.value];
        if (fragment) visit(fragment.selectionSet, isConditional);
      }
    }
  };
  for (const set of sets) visit(set, false);
  return found;
}

// Parsed documents are cached, so the same nodes come back and are read once. A fragment puts one node into several
// places, so a known selection counts only for exactly the same list of nodes.
const known = new WeakMap<FieldNode, KnownSelection>();

interface KnownSelection {
  nodes: readonly FieldNode[];
  fields: SelectedFields;
  variables: PageVariables;
  /** The selection with the first pages that variables ask for, by these. */
  byVariables: LRUCache<string, SelectedFields> | null;
}

/** Values of variables are few in practice: sizes and orders. */
const MAX_BY_VARIABLES = 100;

/**
 * The fields selected below the field being resolved. An upper bound: it includes fields under `@include(if: false)` and
 * those of other members of a union.
 */
export function selectionOf({
  fieldNodes,
  fragments,
  variableValues,
}: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>): FieldSelection {
  const first = fieldNodes[0]!;
  const before = known.get(first);
  if (before?.nodes.length === fieldNodes.length && before.nodes.every((node, i) => node === fieldNodes[i]))
    return withVariables(before, fragments, variableValues);
  const fields = new SelectedFields(selectionSetsOf(fieldNodes), fragments);
  const variables: PageVariables = { needed: new Set(), null: new Set() };
  fields.addVariables(variables);
  const hasNone = variables.needed.size + variables.null.size === 0;
  const selection = {
    ...{ nodes: fieldNodes, fields, variables },
    byVariables: hasNone ? null : new LRUCache<string, SelectedFields>({ max: MAX_BY_VARIABLES }),
  };
  known.set(first, selection);
  return withVariables(selection, fragments, variableValues);
}

function selectionSetsOf(nodes: readonly FieldNode[]): SelectionSetNode[] {
  return nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
}

function withVariables(
  { nodes, fields, variables, byVariables }: KnownSelection,
  fragments: Fragments,
  values: Variables,
): SelectedFields {
  if (!byVariables) return fields;
  const used = usedVariables(variables, values);
  const key = JSON.stringify(used);
  let selection = byVariables.get(key);
  if (!selection) {
    selection = new SelectedFields(selectionSetsOf(nodes), fragments, used);
    byVariables.set(key, selection);
  }
  return selection;
}
