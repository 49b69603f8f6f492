import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';
import type { FieldRule } from './field-rule.ts';

/** Points of each field of introspection: it reads the schema in memory. */
const FIELD = 0.05;
/** Most fields of introspection in one operation: about two of the queries that tools send, which take some 10 ms each. */
const MAX_FIELDS = 20_000;

/** Counts the fields that introspection returns. */
export type IntrospectionCounter = (node: FieldNode) => FieldRule;

/** The lists of introspection multiply each other, so their entries are counted in the schema itself. */
export function createIntrospectionCounter(
  schema: GraphQLSchema,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): IntrospectionCounter {
  const known = new Map<SelectionSetNode, Map<unknown, number>>();
  let steps = 0;

  function countSet(type: GraphQLObjectType, source: unknown, set: SelectionSetNode): number {
    const bySource = known.get(set) ?? new Map<unknown, number>();
    known.set(set, bySource);
    const before = bySource.get(source);
    if (before !== undefined) return before;
    let count = 0;
    for (const selection of set.selections) {
      // Past the limit the exact number does not matter.
      if (++steps > MAX_FIELDS) return Number.POSITIVE_INFINITY;
      if (selection.kind === Kind.FIELD) count += countField(type, source, selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) count += countSet(type, source, selection.selectionSet);
      else count += countSet(type, source, fragments.get(selection.name.value)!.selectionSet);
    }
    bySource.set(source, count);
    return count;
  }

  function countField(type: GraphQLObjectType, source: unknown, node: FieldNode): number {
    const field = type.getFields()[node.name.value];
    const below = field && getNamedType(field.type);
    if (!field || !node.selectionSet || !isObjectType(below)) return 1;
    const value = resolveSync(field, source, schema);
    const entries = Array.isArray(value) ? value : value == null ? [] : [value];
    return entries.reduce<number>((sum, entry) => sum + countSet(below, entry, node.selectionSet!), 1);
  }

  let total = 0;
  return (node) => {
    const root = [SchemaMetaFieldDef, TypeMetaFieldDef].find(({ name }) => name === node.name.value);
    const type = root && getNamedType(root.type);
    let count = 1;
    if (node.selectionSet && isObjectType(type)) {
      const sources = root === SchemaMetaFieldDef ? [schema] : largestTypes(schema);
      count = Math.max(...sources.map((source) => countSet(type, source, node.selectionSet!)));
    }
    total += count;
    const cost = total > MAX_FIELDS ? Number.POSITIVE_INFINITY : FIELD * count;
    return { cost, entryCost: 0, sizedBy: null, entries: 1, isList: false };
  };
}

/** Stand for the type that `__type` names, which may be known with the variables alone. */
function largestTypes(schema: GraphQLSchema): GraphQLNamedType[] {
  const types = Object.values(schema.getTypeMap());
  const sizes: ((type: GraphQLNamedType) => number)[] = [
    (type) => ('getFields' in type ? Object.keys(type.getFields()).length : 0),
    (type) => ('getValues' in type ? type.getValues().length : 0),
    (type) => (isAbstractType(type) ? schema.getPossibleTypes(type).length : 0),
  ];
  return sizes.map((size) => types.reduce((largest, type) => (size(type) > size(largest) ? type : largest)));
}

/** The resolvers of introspection depend on their source and arguments alone. Deprecated entries are counted, too. */
function resolveSync(field: GraphQLField<unknown, unknown>, source: unknown, schema: GraphQLSchema): unknown {
  return field.resolve?.(source, { includeDeprecated: true }, undefined, { schema } as GraphQLResolveInfo);
}
