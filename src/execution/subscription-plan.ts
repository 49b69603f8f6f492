import {
  type DocumentNode,
  type ExecutionArgs,
  type FieldNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { OperationContext } from './operation.ts';
import { operationDeclarations } from './operation-declarations.ts';
import { memoizePerOperation } from './operation-memo.ts';

export type SubscriptionArguments = ExecutionArgs & { contextValue: OperationContext };

/** How the subscribers of one subscription operation can be served together, as far as its document decides that. */
export interface SubscriptionPlan {
  operation: OperationDefinitionNode;
  /** The only root field that a subscription may have. */
  field: FieldNode;
  /** The variable that is used for the field's argument `after` and nowhere else; null when there is none. */
  afterVariable: string | null;
  /** All readers get the same results: no selected field depends on the single viewer. */
  isSameForReaders: boolean;
  /** Unique for each plan. */
  id: number;
}

let lastId = 0;

/** Null when the document has no subscription of that name. */
export const subscriptionPlan = memoizePerOperation((args): SubscriptionPlan | null => {
  const { document, operationName } = args;
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== 'subscription') return null;
  const field = firstField(operation.selectionSet, document);
  if (!field) return null;
  const after = field.arguments?.find(({ name }) => name.value === 'after')?.value;
  return {
    operation,
    field,
    afterVariable:
      after?.kind === Kind.VARIABLE && countUses(document, after.name.value) === 1 ? after.name.value : null,
    isSameForReaders: operationDeclarations(args).dependsOnViewer !== 'EVERYONE',
    id: ++lastId,
  };
});

function countUses(document: DocumentNode, variable: string): number {
  let uses = 0;
  visit(document, {
    VariableDefinition: () => false,
    Variable({ name }) {
      if (name.value === variable) uses += 1;
    },
  });
  return uses;
}

function firstField({ selections }: SelectionSetNode, document: DocumentNode): FieldNode | null {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) return selection;
    const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : findFragment(document, selection.name.value);
    const field = inner && firstField(inner.selectionSet, document);
    if (field) return field;
  }
  return null;
}

function findFragment(document: DocumentNode, name: string): FragmentDefinitionNode | undefined {
  return document.definitions.find(
    (definition): definition is FragmentDefinitionNode =>
      definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
  );
}
