import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { OperationContext } from '../operation.ts';
import type { DocumentCache, ParsedText } from './document-cache.ts';
import { Lines, placesOf, withNodePlaces, withPlaces } from './error-places.ts';

/** Limits documents, parses and validates each text once, and executes texts that differ in literals alone as one document. */
export function useDocuments(cache: DocumentCache): Plugin<OperationContext> {
  const errorsOf = new WeakMap<DocumentNode, readonly GraphQLError[]>();

  /** The rules of other plugins may depend on the viewer, so they run for each operation and are not cached. */
  function validateOnce(
    schema: GraphQLSchema,
    document: DocumentNode,
    rules: readonly ValidationRule[] = specifiedRules,
  ): readonly GraphQLError[] {
    const errors = errorsOf.get(document) ?? withNodePlaces(validate(schema, document));
    // Yoga lists the specified rules first.
    if (errors.length > 0 || rules.length <= specifiedRules.length) return errors;
    return withNodePlaces(validate(schema, document, rules.slice(specifiedRules.length)));
  }

  return {
    onParse({ params, context, setParsedDocument }) {
      if (typeof params.source !== 'string') return;
      const text = cache.parse(params.source);
      errorsOf.set(text.document, text.errors);
      setParsedDocument(text.document);
      (context as OperationContext).parsedText = text;
    },
    onValidate({ setValidationFn }) {
      setValidationFn(validateOnce);
    },
    onExecute({ args }) {
      const text = (args.contextValue as OperationContext).parsedText;
      if (!text) return undefined;
      addLiterals(args, text);
      return {
        onExecuteDone({ result, setResult }) {
          const { errors } = result as ExecutionResult;
          if (errors) setResult({ ...(result as ExecutionResult), errors: locateIn(text, errors) });
        },
      };
    },
    onSubscribe({ args }) {
      const text = (args.contextValue as OperationContext).parsedText;
      if (text) addLiterals(args, text);
    },
  };
}

/** A variable of the client under the name of a lifted literal is not part of the document, so it is overwritten. */
function addLiterals(args: Pick<ExecutionArgs, 'variableValues'>, { values }: ParsedText): void {
  if (!values) return;
  args.variableValues = { ...args.variableValues, ...values };
}

/** The errors with their places in the text that was sent, instead of those in the text whose document it shares. */
function locateIn(
  { source, documentSource, positionOf }: ParsedText,
  errors: readonly GraphQLError[],
): readonly GraphQLError[] {
  if (source === documentSource) return withNodePlaces(errors);
  const sent = new Lines(source.body);
  const shared = new Lines(documentSource.body);
  return errors.map((error) => {
    // Errors of compiled operations have no positions.
    const positions = error.positions ?? placesOf(error)?.map((place) => shared.offsetOf(place));
    return withPlaces(
      error,
      positions?.map((position) => sent.placeOf(positionOf(position))),
    );
  });
}
