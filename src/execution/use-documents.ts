import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';

/** Longest document in UTF-16 code units: a large generated client's operation has some thousands. */
const MAX_LENGTH = 100_000;
/** Most tokens of a document: parsing and validating cost by them, so a document of one-letter fields is bounded too. */
const MAX_TOKENS = 5_000;
/** Text of all cached documents together, in UTF-16 code units. Counting documents would let long ones fill the heap. */
const CACHE_LENGTH = 4_000_000;

interface CheckedDocument {
  document: DocumentNode;
  /** The errors that the rules of the GraphQL specification find. They depend on the document and the schema alone. */
  errors: readonly GraphQLError[];
}

/** Limits documents, and parses and validates each text once. */
export function useDocuments(schema: GraphQLSchema): Plugin {
  const byText = new LRUCache<string, CheckedDocument>({
    maxSize: CACHE_LENGTH,
    sizeCalculation: (_, text) => text.length,
  });
  const byDocument = new WeakMap<DocumentNode, CheckedDocument>();

  function check(text: string): CheckedDocument {
    const known = byText.get(text);
    if (known) return known;
    const document = parseLimited(text);
    const checked = { document, errors: validate(schema, document) };
    byText.set(text, checked);
    byDocument.set(document, checked);
    return checked;
  }

  /** The rules of other plugins may depend on the viewer, so they run for each operation and are not cached. */
  function validateOnce(
    schema: GraphQLSchema,
    document: DocumentNode,
    rules: readonly ValidationRule[] = specifiedRules,
  ): readonly GraphQLError[] {
    const errors = byDocument.get(document)?.errors ?? validate(schema, document);
    // Yoga lists the specified rules first.
    if (errors.length > 0 || rules.length <= specifiedRules.length) return errors;
    return validate(schema, document, rules.slice(specifiedRules.length));
  }

  return {
    onParse({ params, setParsedDocument }) {
      if (typeof params.source === 'string') setParsedDocument(check(params.source).document);
    },
    onValidate({ setValidationFn }) {
      setValidationFn(validateOnce);
    },
  };
}

/** @throws GraphQLError with the same code over every transport */
function parseLimited(text: string): DocumentNode {
  if (text.length > MAX_LENGTH)
    throw new GraphQLError(`The document has ${text.length} characters; the limit is ${MAX_LENGTH}.`, {
      extensions: { code: 'DOCUMENT_TOO_LARGE' },
    });
  try {
    return parse(text, { maxTokens: MAX_TOKENS, noLocation: false });
  } catch (error) {
    if (error instanceof GraphQLError) error.extensions.code ??= 'GRAPHQL_PARSE_FAILED';
    throw error;
  }
}
