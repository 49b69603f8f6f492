import { type FieldNode, Kind, type ValueNode } from 'graphql';
import type { FirstPage } from '../content/selection.ts';

// What the arguments of a list ask for, read before the list is resolved.

/** Values of variables by name. */
export type Variables = Readonly<Record<string, unknown>>;

/** Names of the variables in arguments of lists. */
export interface PageVariables {
  /** Of those whose values matter. */
  needed: Set<string>;
  /** Of those that only matter when they are null. */
  null: Set<string>;
}

const SIZE = 'first';
const ORDER = 'orderBy';

/** The first page that the arguments of a list ask for; null where they ask for another one. */
export function firstPageOf({ arguments: args = [] }: FieldNode, variables: Variables): FirstPage | null {
  const page: FirstPage = { size: null, order: null };
  for (const { name, value: node } of args) {
    const value = argumentValue(node, variables);
    if (name.value === SIZE && typeof value === 'number') page.size = value;
    else if (name.value === ORDER && typeof value === 'string') page.order = value;
    else if (value !== null) return null;
  }
  return page;
}

/** Null for null, and for a variable without a value: then the argument has its default, which is the first page. */
function argumentValue(node: ValueNode, variables: Variables): unknown {
  switch (node.kind) {
    case Kind.VARIABLE:
      return variables[node.name.value] ?? null;
    case Kind.NULL:
      return null;
    case Kind.INT:
      return Number(node.value);
    case Kind.ENUM:
      return node.value;
    default:
      return node;
  }
}

export function addPageVariables({ arguments: args = [] }: FieldNode, names: PageVariables): void {
  for (const { name, value } of args)
    if (value.kind === Kind.VARIABLE)
      (name.value === SIZE || name.value === ORDER ? names.needed : names.null).add(value.name.value);
}

/** What first pages depend on: the values of some variables, and of the others, whether they have one. */
export function usedVariables(names: PageVariables, values: Variables): Variables {
  const used: Record<string, unknown> = {};
  for (const name of names.null) if (values[name] != null) used[name] = true;
  for (const name of names.needed) if (values[name] != null) used[name] = values[name];
  return used;
}
