import {
  type ArgumentNode,
  type FieldNode,
  getNamedType,
  getNullableType,
  isAbstractType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { ConcreteRequest } from 'relay-runtime';
import { schema } from '../../schema/index.ts';

/** The artifact that the Relay compiler makes of a document, as far as the documents of these tests need it. */
export function relayRequest(text: string): ConcreteRequest {
  const document = parse(text);
  const [operation] = document.definitions as OperationDefinitionNode[];
  const { name, operation: operationKind } = operation!;
  const argumentDefinitions = (operation!.variableDefinitions ?? []).map(({ variable }) => ({
    kind: 'LocalArgument',
    name: variable.name.value,
    defaultValue: null,
  }));
  const types = typesOfFields(document);
  const selections = selectionsOf(operation!.selectionSet, types);
  const common = { name: name!.value, argumentDefinitions, selections };
  return {
    kind: 'Request',
    fragment: { kind: 'Fragment', type: types.get(operation!), metadata: null, abstractKey: null, ...common },
    operation: { kind: 'Operation', ...common },
    params: { id: null, cacheID: text, metadata: {}, name: name!.value, operationKind, text },
  } as unknown as ConcreteRequest;
}

interface FieldType {
  plural: boolean;
  concreteType: string | null;
}

/** The type of each field, and the name of that of the operation. */
function typesOfFields(document: ReturnType<typeof parse>): Map<unknown, FieldType | string> {
  const types = new Map<unknown, FieldType | string>();
  const info = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      OperationDefinition: (node) => void types.set(node, info.getType()!.toString()),
      Field(node) {
        const type = info.getType()!;
        const named = getNamedType(type);
        types.set(node, {
          plural: isListType(getNullableType(type)),
          concreteType: isAbstractType(named) ? null : named.name,
        });
      },
    }),
  );
  return types;
}

function selectionsOf({ selections }: SelectionSetNode, types: ReturnType<typeof typesOfFields>): unknown[] {
  return selections.map((selection) => {
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return {
        kind: 'InlineFragment',
        type: selection.typeCondition!.name.value,
        abstractKey: null,
        selections: selectionsOf(selection.selectionSet, types),
      };
    const { name, alias, arguments: args, selectionSet } = selection as FieldNode;
    const field = {
      name: name.value,
      alias: alias?.value ?? null,
      args: args?.length ? args.map(argumentOf) : null,
      storageKey: null,
    };
    if (!selectionSet) return { kind: 'ScalarField', ...field };
    const type = types.get(selection) as FieldType;
    return { kind: 'LinkedField', ...field, ...type, selections: selectionsOf(selectionSet, types) };
  });
}

function argumentOf({ name, value }: ArgumentNode): object {
  if (value.kind === Kind.VARIABLE) return { kind: 'Variable', name: name.value, variableName: value.name.value };
  const literal = value.kind === Kind.INT ? Number(value.value) : 'value' in value ? value.value : null;
  return { kind: 'Literal', name: name.value, value: literal };
}
