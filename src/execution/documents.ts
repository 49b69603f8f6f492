import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Longest document in UTF-16 code units: a large generated client's operation has some thousands. */
const MAX_LENGTH = 100_000;
/** Most tokens of a document: parsing and validating cost by them, so a document of one-letter fields is bounded too. */
const MAX_TOKENS = 5_000;
/** Text of all cached documents together, in UTF-16 code units. Counting documents would let long ones fill the heap. */
const CACHE_LENGTH = 4_000_000;

interface Known {
  document: DocumentNode;
  errors: readonly GraphQLError[] | null;
}

/** Documents that were parsed and validated before, those used longest ago forgotten first. */
class DocumentCache {
  readonly #known = new Map<string, Known>();
  #length = 0;

  get(text: string): Known | undefined {
    const known = this.#known.get(text);
    if (known) {
      this.#known.delete(text);
      this.#known.set(text, known);
    }
    return known;
  }

  add(text: string, known: Known): void {
    this.#known.set(text, known);
    this.#length += text.length;
    for (const oldest of this.#known.keys()) {
      if (this.#length <= CACHE_LENGTH) break;
      this.#known.delete(oldest);
      this.#length -= oldest.length;
    }
  }
}

/**
 * Parses and validates, once for each text. It hooks into parse and validate, so that POST, GET, SSE and WebSocket
 * share limits and cache. Validation depends on the document and the schema alone: what depends on the viewer or on
 * variables is decided when executing.
 */
export function useDocuments(schema: GraphQLSchema): Plugin {
  const cache = new DocumentCache();
  const texts = new WeakMap<DocumentNode, Known>();

  function read(text: string): Known {
    const known = cache.get(text);
    if (known) return known;
    if (text.length > MAX_LENGTH)
      throw refused(`The document has ${text.length} characters; at most ${MAX_LENGTH} are read.`);
    const document = parsed(text);
    const errors = validate(schema, document);
    const made = { document, errors: errors.length > 0 ? errors : null };
    cache.add(text, made);
    texts.set(document, made);
    return made;
  }

  return {
    onParse({ params, setParsedDocument }) {
      if (typeof params.source === 'string') setParsedDocument(read(params.source).document);
    },
    onValidate({ params, setResult }) {
      const known = texts.get(params.documentAST);
      if (known) setResult(known.errors ?? []);
    },
  };
}

/** @throws a syntax error with the same code by every transport */
function parsed(text: string): DocumentNode {
  try {
    return parse(text, { maxTokens: MAX_TOKENS, noLocation: false });
  } catch (error) {
    if (error instanceof GraphQLError) error.extensions.code ??= 'GRAPHQL_PARSE_FAILED';
    throw error;
  }
}

function refused(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'DOCUMENT_TOO_LARGE' } });
}
