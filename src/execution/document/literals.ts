import {
  type ConstValueNode,
  coerceInputValue,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  Kind,
  parseType,
  TypeInfo,
  type ValueNode,
  type VariableDefinitionNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** A value written into an argument of a document. */
export interface Literal {
  node: ValueNode;
  /** Its kinds of value, such as `{id:StringValue}`. Literals of one signature are valid in the same places, but for their values. */
  signature: string;
  /** The value as a variable would have it. */
  value: unknown;
}

/** A document whose literals are variables, so that texts which differ in literals alone share it. */
export interface LiftedDocument {
  document: DocumentNode;
  /** One for each literal, in the order of `findLiterals`. */
  variables: readonly { name: string; type: GraphQLInputType }[];
}

/** Begins the names of lifted variables. Two underscores are reserved for introspection, so documents do not use it. */
const PREFIX = '__literal';

/**
 * The literals of a document's arguments, in the order of the text. Enum values, booleans and null decide what is read, and
 * there are few of them: alone they stay in the document, as do arguments of directives and defaults of variables.
 * @returns null when the document cannot be shared
 */
export function findLiterals(document: DocumentNode): Literal[] | null {
  const found: Literal[] = [];
  let canBeShared = true;
  function visitValue(node: ValueNode): false | undefined {
    const constant = readConstant(node);
    if (constant === 'unsafe') canBeShared = false;
    if (constant === 'variable') return undefined;
    if (constant !== 'unsafe' && constant.hasScalar) found.push({ node, ...constant });
    return false;
  }
  visit(document, {
    Directive: () => false,
    VariableDefinition: () => false,
    Name({ value }) {
      if (value.startsWith(PREFIX)) canBeShared = false;
    },
    IntValue: visitValue,
    FloatValue: visitValue,
    StringValue: visitValue,
    ListValue: visitValue,
    ObjectValue: visitValue,
  });
  return canBeShared ? found : null;
}

interface Constant {
  signature: string;
  value: unknown;
  /** A number or a string is in it. */
  hasScalar: boolean;
}

/** `variable` for a value with a variable in it, `unsafe` for one with a number that JavaScript cannot hold exactly. */
function readConstant(node: ValueNode): Constant | 'variable' | 'unsafe' {
  switch (node.kind) {
    case Kind.VARIABLE:
      return 'variable';
    case Kind.LIST:
      return combine(node.values.map(readConstant), (parts) => ({
        // Lists that differ in length alone have one signature.
        signature: `[${[...new Set(parts.map(({ signature }) => signature))].join()}]`,
        value: parts.map(({ value }) => value),
      }));
    case Kind.OBJECT:
      return combine(
        node.fields.map(({ value }) => readConstant(value)),
        (parts) => ({
          signature: `{${node.fields.map(({ name }, i) => `${name.value}:${parts[i]!.signature}`).join()}}`,
          value: Object.fromEntries(node.fields.map(({ name }, i) => [name.value, parts[i]!.value])),
        }),
      );
    default:
      return readScalar(node);
  }
}

function readScalar(node: Exclude<ConstValueNode, { kind: Kind.LIST | Kind.OBJECT }>): Constant | 'unsafe' {
  const constant = (value: unknown, hasScalar: boolean): Constant => ({ signature: node.kind, value, hasScalar });
  switch (node.kind) {
    case Kind.NULL:
      return constant(null, false);
    case Kind.BOOLEAN:
    case Kind.ENUM:
      // The value is in the signature: see `findLiterals`.
      return { signature: `${node.kind} ${node.value}`, value: node.value, hasScalar: false };
    case Kind.INT:
      return Number.isSafeInteger(Number(node.value)) ? constant(Number(node.value), true) : 'unsafe';
    case Kind.FLOAT:
      return constant(Number(node.value), true);
    case Kind.STRING:
      return constant(node.value, true);
  }
}

function combine(
  parts: readonly (Constant | 'variable' | 'unsafe')[],
  build: (parts: readonly Constant[]) => Omit<Constant, 'hasScalar'>,
): Constant | 'variable' | 'unsafe' {
  if (parts.includes('unsafe')) return 'unsafe';
  if (parts.includes('variable')) return 'variable';
  const constants = parts as readonly Constant[];
  return { ...build(constants), hasScalar: constants.some(({ hasScalar }) => hasScalar) };
}

/**
 * The text with placeholders for its literals. Texts of one shape are equally valid: equal literals have equal placeholders,
 * because two fields of one response name are valid when their arguments are equal.
 */
export function shapeOf(text: string, literals: readonly Literal[]): string {
  const placeholders = new Map<string, number>();
  let shape = '';
  let end = 0;
  for (const { node, signature, value } of literals) {
    const name = `${signature} ${JSON.stringify(value)}`;
    const number = placeholders.get(name) ?? placeholders.size;
    placeholders.set(name, number);
    // No document has this character outside its strings.
    shape += `${text.slice(end, node.loc!.start)}\u0000${number} ${signature}\u0000`;
    end = node.loc!.end;
  }
  return shape + text.slice(end);
}

/** Replaces the literals of a valid document by variables. */
export function liftLiterals(
  schema: GraphQLSchema,
  document: DocumentNode,
  literals: readonly Literal[],
): LiftedDocument {
  if (literals.length === 0) return { document, variables: [] };
  const numberOf = new Map(literals.map(({ node }, i) => [node, i]));
  const variables: { name: string; type: GraphQLInputType }[] = [];
  const types = new TypeInfo(schema);
  function replace(node: ValueNode): ValueNode | undefined {
    const number = numberOf.get(node);
    if (number === undefined) return undefined;
    // TypeInfo has entered the list already, and is at the type of its entries.
    const type = (node.kind === Kind.LIST ? types.getParentInputType() : types.getInputType())!;
    variables[number] = { name: `${PREFIX}${number}`, type };
    return { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: `${PREFIX}${number}` } };
  }
  const lifted: DocumentNode = visit(
    document,
    visitWithTypeInfo(types, {
      Directive: () => false,
      VariableDefinition: () => false,
      IntValue: replace,
      FloatValue: replace,
      StringValue: replace,
      ListValue: replace,
      ObjectValue: replace,
    }),
  );
  const definitions = variables.map(
    ({ name, type }): VariableDefinitionNode => ({
      kind: Kind.VARIABLE_DEFINITION,
      variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } },
      type: parseType(String(type), { noLocation: true }),
    }),
  );
  return {
    document: {
      ...lifted,
      definitions: lifted.definitions.map((definition) =>
        definition.kind === Kind.OPERATION_DEFINITION
          ? { ...definition, variableDefinitions: [...(definition.variableDefinitions ?? []), ...definitions] }
          : definition,
      ),
    },
    variables,
  };
}

/** The values of the variables; null when one of them is not valid, so that validation has to report it. */
export function valuesOf(
  literals: readonly Literal[],
  variables: LiftedDocument['variables'],
): Record<string, unknown> | null {
  let isValid = true;
  const values = literals.map(({ value }, i) => {
    const { name, type } = variables[i]!;
    coerceInputValue(value, type, () => {
      isValid = false;
    });
    return [name, value] as const;
  });
  return isValid ? Object.fromEntries(values) : null;
}
