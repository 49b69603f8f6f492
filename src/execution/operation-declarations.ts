import {
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isAbstractType,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { declarationOf, type FieldDeclaration, type ViewerDependence } from '../../schema/graph/field-declarations.ts';
import { fragmentsOf } from './document/fragments.ts';
import { memoizePerOperation } from './operation-memo.ts';

/** The declarations of all fields that an operation selects, combined. */
export interface OperationDeclarations {
  /** The strongest dependence of all selected fields; null when the answer is the same for every viewer. */
  dependsOnViewer: ViewerDependence | null;
  needsSnapshot: boolean;
  needsPrimary: boolean;
}

const NO_DECLARATIONS: OperationDeclarations = { dependsOnViewer: null, needsSnapshot: false, needsPrimary: false };

/** The declarations of an operation's fields. The document is walked once; `@skip` and `@include` are ignored. */
export const operationDeclarations = memoizePerOperation(({ schema, document, operationName }) => {
  const operation = getOperationAST(document, operationName);
  return operation ? collectDeclarations(schema, document, operation) : NO_DECLARATIONS;
});

function collectDeclarations(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationDeclarations {
  const declarations = { ...NO_DECLARATIONS };
  const fragments = fragmentsOf(document);

  /** @param parent undefined for a type that the schema does not have, which validation refuses */
  function walk(parent: GraphQLCompositeType | undefined, { selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const fields = parent ? implementationsOf(schema, parent, selection.name.value) : [];
        for (const field of fields) add(declarations, declarationOf(field));
        const type = fields[0] && getNamedType(fields[0].type);
        if (selection.selectionSet && isCompositeType(type)) walk(type, selection.selectionSet);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.typeCondition ? typeNamed(selection.typeCondition.name.value) : parent, selection.selectionSet);
      } else {
        // A fragment's fields are those of its own type, wherever it is spread: once is enough.
        const fragment = fragments.get(selection.name.value);
        fragments.delete(selection.name.value);
        if (fragment) walk(typeNamed(fragment.typeCondition.name.value), fragment.selectionSet);
      }
    }
  }

  function typeNamed(name: string): GraphQLCompositeType | undefined {
    const type = schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }

  walk(schema.getRootType(operation.operation) ?? undefined, operation.selectionSet);
  return declarations;
}

/** The field of a type, and for an interface those of all its object types: any of them may be the one that runs. */
function implementationsOf(
  schema: GraphQLSchema,
  parent: GraphQLCompositeType,
  name: string,
): GraphQLField<unknown, unknown>[] {
  const types = isAbstractType(parent) ? [parent, ...schema.getPossibleTypes(parent)] : [parent];
  return types.flatMap((type) => ('getFields' in type && type.getFields()[name]) || []);
}

function add(declarations: OperationDeclarations, field: FieldDeclaration): void {
  const { dependsOnViewer, needsSnapshot, needsPrimary } = field;
  if (dependsOnViewer && declarations.dependsOnViewer !== 'EVERYONE') declarations.dependsOnViewer = dependsOnViewer;
  if (needsSnapshot) declarations.needsSnapshot = true;
  if (needsPrimary) declarations.needsPrimary = true;
}
