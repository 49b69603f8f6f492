import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { fragmentsOf } from '../document/fragments.ts';
import { type FieldRule, fieldRule } from './field-rule.ts';
import { createIntrospectionCounter, type IntrospectionCounter } from './introspection-cost.ts';

/** Points of a mutation besides what it returns: it locks, writes and renders. */
const MUTATION = 10;

/** The values of the variables of one operation. */
export type Variables = Readonly<Record<string, unknown>>;

/** A value of a document: a constant, or read from the variables. */
type PlannedValue = (variables: Variables) => unknown;

/** The cost of a selection set, as far as the document determines it. `costOf` adds the values of the variables. */
export interface SelectionPlan {
  fields: FieldPlan[];
  /** Fragments, inline ones too. Those on different types of a union all count: any of them may apply. */
  fragments: { plan: SelectionPlan; isIncluded: PlannedValue[] }[];
}

export interface FieldPlan {
  responseName: string;
  rule: Pick<FieldRule, 'cost' | 'entryCost' | 'sizedBy' | 'entries' | 'isList'>;
  /** The field counts when all of them are true. */
  isIncluded: PlannedValue[];
  /** Values of the arguments that set the number of entries, by name. */
  sizes: Partial<Record<'first' | 'last' | 'ids', PlannedValue>>;
  selection: SelectionPlan | null;
}

/** Plans the cost of an operation: once for each document, whatever the variables are. */
export function planCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): SelectionPlan {
  return new Planner(schema, document, operation).plan();
}

class Planner {
  readonly #schema: GraphQLSchema;
  readonly #operation: OperationDefinitionNode;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** A fragment costs the same wherever it is spread. */
  readonly #plans = new Map<string, SelectionPlan>();
  readonly #defaults = new Map<string, unknown>();
  readonly #introspection: IntrospectionCounter;

  constructor(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) {
    this.#schema = schema;
    this.#operation = operation;
    this.#fragments = fragmentsOf(document);
    for (const { variable, defaultValue } of operation.variableDefinitions ?? [])
      if (defaultValue) this.#defaults.set(variable.name.value, constantOf(defaultValue));
    this.#introspection = createIntrospectionCounter(schema, this.#fragments);
  }

  plan(): SelectionPlan {
    return this.#planSet(this.#schema.getRootType(this.#operation.operation)!, this.#operation.selectionSet);
  }

  #planSet(parent: GraphQLCompositeType, { selections }: SelectionSetNode): SelectionPlan {
    const plan: SelectionPlan = { fields: [], fragments: [] };
    const spread = new Set<string>();
    for (const selection of selections) {
      const isIncluded = this.#conditions(selection.directives ?? []);
      if (selection.kind === Kind.FIELD) {
        plan.fields.push({ ...this.#planField(parent, selection), isIncluded });
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = selection.typeCondition ? this.#type(selection.typeCondition.name.value) : parent;
        plan.fragments.push({ plan: this.#planSet(type, selection.selectionSet), isIncluded });
      } else if (!spread.has(selection.name.value)) {
        // Execution visits a fragment once, also when one selection spreads it twice.
        if (isIncluded.length === 0) spread.add(selection.name.value);
        plan.fragments.push({ plan: this.#planFragment(selection.name.value), isIncluded });
      }
    }
    return plan;
  }

  #planFragment(name: string): SelectionPlan {
    let plan = this.#plans.get(name);
    if (!plan) {
      const { typeCondition, selectionSet } = this.#fragments.get(name)!;
      plan = this.#planSet(this.#type(typeCondition.name.value), selectionSet);
      this.#plans.set(name, plan);
    }
    return plan;
  }

  #type(name: string): GraphQLCompositeType {
    return this.#schema.getType(name) as GraphQLCompositeType;
  }

  #planField(parent: GraphQLCompositeType, node: FieldNode): Omit<FieldPlan, 'isIncluded'> {
    const responseName = (node.alias ?? node.name).value;
    const field = fieldOf(parent, node.name.value);
    // __typename, __schema and __type are fields of no type.
    if (!field) return { responseName, rule: this.#introspection(node), sizes: {}, selection: null };
    const type = getNamedType(field.type);
    const rule = fieldRule(field);
    return {
      responseName,
      rule: parent === this.#schema.getMutationType() ? { ...rule, cost: rule.cost + MUTATION } : rule,
      sizes: this.#sizes(node),
      selection: node.selectionSet && isCompositeType(type) ? this.#planSet(type, node.selectionSet) : null,
    };
  }

  #sizes({ arguments: given = [] }: FieldNode): FieldPlan['sizes'] {
    const sizes: FieldPlan['sizes'] = {};
    for (const { name, value } of given)
      if (name.value === 'first' || name.value === 'last' || name.value === 'ids')
        sizes[name.value] = this.#value(value);
    return sizes;
  }

  #conditions(directives: readonly DirectiveNode[]): PlannedValue[] {
    return directives.flatMap(({ name, arguments: [condition] = [] }) => {
      if (!condition || (name.value !== 'skip' && name.value !== 'include')) return [];
      const value = this.#value(condition.value);
      return name.value === 'include' ? value : (variables: Variables) => !value(variables);
    });
  }

  #value(node: ValueNode): PlannedValue {
    if (node.kind === Kind.VARIABLE) {
      const name = node.name.value;
      const otherwise = this.#defaults.get(name);
      // A name such as `constructor` is one of every object.
      return (variables) => (Object.hasOwn(variables, name) ? variables[name] : otherwise);
    }
    const constant = constantOf(node);
    return () => constant;
  }
}

function fieldOf(parent: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined {
  return isUnionType(parent) ? undefined : parent.getFields()[name];
}

/** The value of a number, a boolean or a list of anything; undefined for others, which set no size. */
function constantOf(node: ValueNode): unknown {
  if (node.kind === Kind.INT) return Number(node.value);
  if (node.kind === Kind.BOOLEAN) return node.value;
  if (node.kind === Kind.NULL) return null;
  // Of a list, the length alone counts.
  return node.kind === Kind.LIST ? node.values : undefined;
}
