import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
  print,
} from 'graphql';
import { declarationOf } from '../schema/graph/field-declarations.ts';

// Every selected field has an alias that names its parent type, so a path in a response is a path of `Type.field`.

/** Arguments by `Type.field`; a field with several is selected once with each. */
export type SampleArguments = Readonly<Record<string, readonly Record<string, unknown>[]>>;

/** A response, or the first result of a subscription. */
export interface Response {
  data: unknown;
  errors?: readonly { message: string; path?: readonly (string | number)[] }[] | undefined;
}

type Field = GraphQLField<unknown, unknown>;
interface Step {
  parent: GraphQLObjectType;
  field: Field;
}

/** Levels of objects below the type that a document is about: enough for the nodes of a connection. */
const DEPTH = 2;

/** Object types that a root type leads to, with the fields on the way to each. */
export function pathsFrom(schema: GraphQLSchema, root: GraphQLObjectType): Map<GraphQLObjectType, Step[]> {
  const paths = new Map<GraphQLObjectType, Step[]>([[root, []]]);
  for (let isDone = false; !isDone; ) {
    isDone = true;
    for (const [parent, path] of [...paths])
      for (const field of Object.values(parent.getFields()))
        for (const type of objectTypes(schema, field)) {
          const longer = [...path, { parent, field }];
          const known = paths.get(type);
          if (known && cost(known) <= cost(longer)) continue;
          paths.set(type, longer);
          isDone = false;
        }
  }
  return paths;
}

/** A declared field excuses whatever differs below it, so a path to a type avoids them where it can. */
function cost(path: readonly Step[]): number {
  const costs = { STAFF: 100, EVERYONE: 10_000 };
  return path.reduce((sum, { field }) => sum + (costs[declarationOf(field).dependsOnViewer!] ?? 1), 0);
}

function objectTypes(schema: GraphQLSchema, field: Field): readonly GraphQLObjectType[] {
  const type = getNamedType(field.type);
  if (!isCompositeType(type)) return [];
  return isObjectType(type) ? [type] : schema.getPossibleTypes(type);
}

/** A query for each field of the root type and for each object type that it leads to. */
export function queriesForEveryField(schema: GraphQLSchema, samples: SampleArguments): string[] {
  const root = schema.getQueryType()!;
  return [...pathsFrom(schema, root)].flatMap(([type, path]) => {
    if (type === root)
      return Object.values(root.getFields()).map((field) => {
        const select = new Selector(schema, samples);
        return select.document('query', select.field(root, field, DEPTH));
      });
    const select = new Selector(schema, samples);
    const selected = path.reduceRight(
      (inner, { parent, field }) => `... on ${parent.name} { ${select.field(parent, field, inner)} }`,
      `... on ${type.name} { ${select.fieldsOf(type, DEPTH)} }`,
    );
    return [select.document('query', selected)];
  });
}

/** A subscription to one field with what is below it. */
export function subscriptionTo(schema: GraphQLSchema, field: Field, samples: SampleArguments): string {
  const select = new Selector(schema, samples);
  return select.document('subscription', select.field(schema.getSubscriptionType()!, field, DEPTH));
}

class Selector {
  readonly #schema: GraphQLSchema;
  readonly #samples: SampleArguments;
  readonly #fragments: string[] = [];

  constructor(schema: GraphQLSchema, samples: SampleArguments) {
    this.#schema = schema;
    this.#samples = samples;
  }

  document(operation: 'query' | 'subscription', selected: string): string {
    return [`${operation} { ${selected} }`, ...this.#fragments].join(' ');
  }

  /** @param below what is selected of the field's type, or the levels of objects below it */
  field(parent: GraphQLObjectType, field: Field, below: string | number): string {
    const type = getNamedType(field.type);
    if (isCompositeType(type) && below === 0) return '';
    const name = `${parent.name}.${field.name}`;
    const variants = this.#samples[name] ?? [{}];
    const selected = isCompositeType(type) ? ` { ${this.#below(type, below, variants.length)} }` : '';
    return variants
      .map((values, i) => {
        const args = field.args.flatMap((argument) => argumentText(name, argument, values));
        const alias = `${parent.name}_${field.name}${variants.length > 1 ? `_${i}` : ''}`;
        return `${alias}: ${field.name}${args.length > 0 ? `(${args.join(', ')})` : ''}${selected}`;
      })
      .join(' ');
  }

  fieldsOf(type: GraphQLCompositeType, depth: number): string {
    const selected = isObjectType(type)
      ? Object.values(type.getFields()).map((field) => this.field(type, field, depth))
      : this.#schema
          .getPossibleTypes(type)
          .map((possible) => `... on ${possible.name} { ${this.fieldsOf(possible, depth)} }`);
    return ['__typename', ...selected].join(' ');
  }

  #below(type: GraphQLCompositeType, below: string | number, uses: number): string {
    const selected = typeof below === 'string' ? below : this.fieldsOf(type, below - 1);
    if (uses === 1) return selected;
    const name = `F${this.#fragments.length}`;
    this.#fragments.push(`fragment ${name} on ${type.name} { ${selected} }`);
    return `...${name}`;
  }
}

function argumentText(field: string, argument: GraphQLArgument, values: Record<string, unknown>): string[] {
  const value = values[argument.name];
  if (value === undefined) {
    if (isRequiredArgument(argument)) throw new Error(`No sample argument for ${field}(${argument.name}:)`);
    return [];
  }
  return [`${argument.name}: ${print(astFromValue(value, argument.type)!)}`];
}

/** `Comment_viewer` and `Query_comment_2` as `Comment.viewer` and `Query.comment`. */
function fieldOf(key: string): string {
  return key.split('_', 2).join('.');
}

/** The fields that a response has values for. */
export function answeredFields(data: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(data)) for (const item of data) answeredFields(item, found);
  else if (typeof data === 'object' && data !== null)
    for (const [key, value] of Object.entries(data)) {
      if (key !== '__typename') found.add(fieldOf(key));
      answeredFields(value, found);
    }
  return found;
}

/** The paths at which two responses differ, each as its fields from the root. */
export function differences(left: Response, right: Response): string[][] {
  const errors = [...errorsOnlyIn(left, right), ...errorsOnlyIn(right, left)];
  // An error makes fields above it null; the field that differs is the one that failed.
  const isExplained = (path: readonly string[]): boolean =>
    errors.some((error) => path.every((field, i) => error[i] === field));
  return [...valueDifferences(left.data, right.data, []).filter((path) => !isExplained(path)), ...errors];
}

function errorsOnlyIn({ errors = [] }: Response, other: Response): string[][] {
  const known = new Set((other.errors ?? []).map(({ message, path }) => JSON.stringify([message, path])));
  return errors
    .filter(({ message, path }) => !known.has(JSON.stringify([message, path])))
    .map(({ path = [] }) => path.filter((key) => typeof key === 'string').map(fieldOf));
}

function valueDifferences(left: unknown, right: unknown, path: readonly string[]): string[][] {
  if (Array.isArray(left) && Array.isArray(right) && left.length === right.length)
    return left.flatMap((item, i) => valueDifferences(item, right[i], path));
  if (isObject(left) && isObject(right) && left.__typename === right.__typename)
    return Object.keys({ ...left, ...right }).flatMap((key) =>
      key === '__typename' ? [] : valueDifferences(left[key], right[key], [...path, fieldOf(key)]),
    );
  return JSON.stringify(left) === JSON.stringify(right) ? [] : [[...path]];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
