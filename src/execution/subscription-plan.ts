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
import { operationDeclarations } from './operation-declarations.ts';

/** What an operation's text says about how its subscribers can be served together. */
export interface Plan {
  operation: OperationDefinitionNode;
  /** The one field of a subscription. */
  field: FieldNode;
  /** The variable that is the field's argument `after`, and nothing else. */
  afterVariable: string | null;
  /** Readers get the same results whoever they are: no selected field depends on the single viewer. */
  isSameForReaders: boolean;
  /** Tells this document from others. */
  number: number;
}

const plans = new WeakMap<DocumentNode, Map<string, Plan | null>>();
let lastNumber = 0;

/** Looks through an operation once. Null when the document has no subscription of that name. */
export function planOf(args: Pick<ExecutionArgs, 'schema' | 'document' | 'operationName'>): Plan | null {
  const { document, operationName } = args;
  let known = plans.get(document);
  if (!known) {
    known = new Map();
    plans.set(document, known);
  }
  const name = operationName ?? '';
  let plan = known.get(name);
  if (plan === undefined) {
    plan = makePlan(args);
    known.set(name, plan);
  }
  return plan;
}

function makePlan(args: Pick<ExecutionArgs, 'schema' | 'document' | 'operationName'>): Plan | null {
  const { document, operationName } = args;
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== 'subscription') return null;
  const field = firstField(operation.selectionSet, document);
  if (!field) return null;
  const uses = new Map<string, number>();
  visit(document, {
    VariableDefinition: () => false,
    Variable({ name: { value } }) {
      uses.set(value, (uses.get(value) ?? 0) + 1);
    },
  });
  const after = field.arguments?.find(({ name }) => name.value === 'after')?.value;
  const afterVariable = after?.kind === Kind.VARIABLE && uses.get(after.name.value) === 1 ? after.name.value : null;
  const isSameForReaders = operationDeclarations(args).dependsOnViewer !== 'EVERYONE';
  return { operation, field, afterVariable, isSameForReaders, number: ++lastNumber };
}

function firstField({ selections }: SelectionSetNode, document: DocumentNode): FieldNode | null {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) return selection;
    const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragmentOf(document, selection.name.value);
    const field = inner && firstField(inner.selectionSet, document);
    if (field) return field;
  }
  return null;
}

function fragmentOf(document: DocumentNode, name: string): FragmentDefinitionNode | undefined {
  return document.definitions.find(
    (definition): definition is FragmentDefinitionNode =>
      definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
  );
}
