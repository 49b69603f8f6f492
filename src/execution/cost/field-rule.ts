import {
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { DEFAULT_PAGE } from '../../../schema/content/list/paging.ts';
import { declarationOf } from '../../../schema/graph/field-declarations.ts';

/** Points of an object that is a row in the database, and of the look-up of a list. */
const ROW = 1;
/** Points of any other field: it shows what was read. */
const FIELD = 0.1;

/** How a field counts, whatever a document selects of it. */
export interface FieldRule {
  /** Points of the field by itself. */
  cost: number;
  /** Points of each entry by itself. */
  entryCost: number;
  /** The arguments that set the number of entries: `first` and `last`, `ids`, or those of the field above; null for none. */
  sizedBy: 'first' | 'ids' | 'parent' | null;
  /** Entries when no argument sets them. */
  entries: number;
  /** The selection is one of entries; otherwise it is one of the object that has the list, such as a connection. */
  isList: boolean;
}

const rules = new WeakMap<GraphQLField<unknown, unknown>, FieldRule>();

export function fieldRule(field: GraphQLField<unknown, unknown>): FieldRule {
  let rule = rules.get(field);
  if (!rule) {
    rule = createRule(field);
    rules.set(field, rule);
  }
  return rule;
}

function createRule(field: GraphQLField<unknown, unknown>): FieldRule {
  const { cost, entries, entryCost } = declarationOf(field);
  const type = getNamedType(field.type);
  const isList = isListType(getNullableType(field.type));
  const single = { entryCost: 0, sizedBy: null, entries: entries ?? 1, isList } as const;
  if (!isCompositeType(type)) return { ...single, cost: cost ?? FIELD };

  const first = field.args.find(({ name }) => name === 'first');
  const sizedBy = first ? 'first' : field.args.some(({ name }) => name === 'ids') ? 'ids' : null;
  if (sizedBy) {
    const otherwise = typeof first?.defaultValue === 'number' ? first.defaultValue : DEFAULT_PAGE;
    // A page reads its rows whether they are selected as nodes, as edges or not at all.
    return { cost: cost ?? ROW, entryCost: entryCost ?? ROW, sizedBy, entries: otherwise, isList };
  }
  if (!isList) return { ...single, cost: cost ?? (isRow(type) ? ROW : FIELD) };
  if (entries === undefined) return { ...single, cost: FIELD, entryCost: FIELD, sizedBy: 'parent' };
  return { ...single, cost: cost ?? ROW, entryCost: entryCost ?? ROW };
}

/** Whether objects of a type are rows that are looked up: those that have an id. */
function isRow(type: GraphQLNamedType): boolean {
  if (isUnionType(type)) return type.getTypes().some(isRow);
  return isObjectType(type) || isInterfaceType(type)
    ? type.name === 'Node' || type.getInterfaces().some(({ name }) => name === 'Node')
    : false;
}
