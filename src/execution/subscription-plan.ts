import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

/** What an operation's text says about how its subscribers can be served together. */
export interface Plan {
  operation: OperationDefinitionNode;
  /** The one field of a subscription. */
  field: FieldNode;
  /** The variable that is the field's argument `after`, and nothing else. */
  afterVariable: string | null;
  /** The answer depends on who looks: it shows what they may do. */
  asksForViewer: boolean;
  /** Tells this document from others. */
  number: number;
}

const plans = new WeakMap<DocumentNode, Map<string, Plan | null>>();
let lastNumber = 0;

/** Looks through an operation once. Null when the document has no subscription of that name. */
export function planOf(document: DocumentNode, operationName: string | null | undefined): Plan | null {
  let known = plans.get(document);
  if (!known) {
    known = new Map();
    plans.set(document, known);
  }
  const name = operationName ?? '';
  let plan = known.get(name);
  if (plan === undefined) {
    plan = makePlan(document, operationName);
    known.set(name, plan);
  }
  return plan;
}

function makePlan(document: DocumentNode, operationName: string | null | undefined): Plan | null {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== 'subscription') return null;
  const field = firstField(operation.selectionSet, document);
  if (!field) return null;
  const uses = new Map<string, number>();
  let asksForViewer = false;
  visit(document, {
    VariableDefinition: () => false,
    Variable({ name: { value } }) {
      uses.set(value, (uses.get(value) ?? 0) + 1);
    },
    Field({ name: { value } }) {
      asksForViewer ||= value === 'viewer';
    },
  });
  const after = field.arguments?.find(({ name }) => name.value === 'after')?.value;
  const afterVariable = after?.kind === Kind.VARIABLE && uses.get(after.name.value) === 1 ? after.name.value : null;
  return { operation, field, afterVariable, asksForViewer, number: ++lastNumber };
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
