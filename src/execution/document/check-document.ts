import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OverlappingFieldsCanBeMergedRule,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { withNodePlaces } from './error-places.ts';
import { countExpandedFields, type ExpandedFields } from './expanded-fields.ts';
import { subscriptionRootRule } from './subscription-root-rule.ts';
import { documentTooLarge } from './text-limits.ts';

/** Most fields of an operation with its fragments expanded. Execution walks over them, and fragments multiply them. */
const MAX_FIELDS = 10_000;
/** Most pairs of fields with one response name in one place: validation compares each pair, in some microseconds. */
const MAX_PAIRS = 10_000;
/** Most response names at the top of an operation: each is a request of its own. */
const MAX_ROOT_FIELDS = 100;
/** Most operations in one document: validation follows the fragments of each. */
const MAX_OPERATIONS = 50;

/** Most fragments in one document: validation compares each with each. */
const MAX_FRAGMENTS = 250;

/** Errors of one document after which validation ends: people mend the first ones and try again. */
const MAX_ERRORS = 25;

/** All but the rule whose time grows with the square of the document. */
const LINEAR_RULES = specifiedRules.filter((rule) => rule !== OverlappingFieldsCanBeMergedRule);

/**
 * Validates a document by the rules of the GraphQL specification.
 * @returns its errors, or the error of a document that would take long to validate or to execute
 */
export function checkDocument(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
  const operations = document.definitions.filter(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (operations.length > MAX_OPERATIONS)
    return [documentTooLarge(`The document has ${operations.length} operations; the limit is ${MAX_OPERATIONS}.`)];
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).length;
  if (fragments > MAX_FRAGMENTS)
    return [documentTooLarge(`The document has ${fragments} fragments; the limit is ${MAX_FRAGMENTS}.`)];
  const counts = operations.map((operation) => countExpandedFields(document, operation, MAX_FIELDS));
  const tooLarge = counts.flatMap((count) => checkFields(count) ?? []);
  if (tooLarge.length > 0) return tooLarge;
  // First, because graphql-js reads conditions at the root without their variables.
  const rootErrors = validateQuickly(schema, document, [subscriptionRootRule]);
  if (rootErrors.length > 0) return rootErrors;
  const errors = validateQuickly(schema, document, LINEAR_RULES);
  if (errors.length > 0) return errors;
  const pairs = Math.max(...counts.map((count) => count.pairs));
  if (pairs > MAX_PAIRS)
    return [
      documentTooLarge(
        `An operation repeats fields under one response name: ${pairs} pairs of them; the limit is ${MAX_PAIRS}.`,
      ),
    ];
  return validateQuickly(schema, document, [OverlappingFieldsCanBeMergedRule]);
}

/** Errors without stacks, which nobody reads: they take most of the time that an invalid document takes. */
function validateQuickly(
  schema: GraphQLSchema,
  document: DocumentNode,
  rules: readonly ValidationRule[],
): readonly GraphQLError[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return withNodePlaces(validate(schema, document, rules, { maxErrors: MAX_ERRORS }));
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function checkFields({ fields, rootFields }: ExpandedFields): GraphQLError | null {
  if (rootFields > MAX_ROOT_FIELDS)
    return documentTooLarge(`The operation has ${rootFields} fields at the top; the limit is ${MAX_ROOT_FIELDS}.`);
  if (fields > MAX_FIELDS)
    return documentTooLarge(`The operation selects more than ${MAX_FIELDS} fields when its fragments are expanded.`);
  return null;
}
