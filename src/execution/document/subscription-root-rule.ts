import {
  type DocumentNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

const CONDITIONS = new Set(['skip', 'include']);

/**
 * A subscription's field has no condition (GraphQL, September 2025, 5.2.4.1): without it there would be nothing to subscribe to, and
 * variables would choose between two fields.
 */
export const subscriptionRootRule: ValidationRule = (context: ValidationContext) => ({
  OperationDefinition(operation: OperationDefinitionNode) {
    if (operation.operation !== 'subscription') return;
    const document = context.getDocument();
    for (const selection of rootSelections(operation.selectionSet, document)) {
      const condition = selection.directives?.find(({ name }) => CONDITIONS.has(name.value));
      if (!condition) continue;
      context.reportError(
        new GraphQLError(
          `The field of a subscription is always selected: @${condition.name.value} is not allowed there or on a fragment around it.`,
          { nodes: [condition] },
        ),
      );
    }
  },
});

/** The selections at the top of an operation, those within fragments too, each once. */
function rootSelections(selectionSet: SelectionSetNode, document: DocumentNode): SelectionNode[] {
  const found: SelectionNode[] = [];
  const sets = new Set([selectionSet]);
  // A set is iterated over what is added meanwhile, too.
  for (const { selections } of sets)
    for (const selection of selections) {
      found.push(selection);
      const inner = selection.kind === Kind.FRAGMENT_SPREAD ? fragmentOf(selection.name.value, document) : selection;
      if (inner?.kind === Kind.INLINE_FRAGMENT || inner?.kind === Kind.FRAGMENT_DEFINITION)
        sets.add(inner.selectionSet);
    }
  return found;
}

function fragmentOf(name: string, { definitions }: DocumentNode) {
  return definitions.find(
    (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
  );
}
