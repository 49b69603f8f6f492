import { createHash } from 'node:crypto';
import { type DocumentNode, GraphQLError, type GraphQLSchema, Source } from 'graphql';
import { LRUCache } from 'lru-cache';
import { checkDocument } from './check-document.ts';
import { parseDocument } from './error-places.ts';
import { findLiterals, type LiftedDocument, type Literal, liftLiterals, shapeOf, valuesOf } from './literals.ts';
import { checkTextLimits } from './text-limits.ts';

/** Most memory of all shared documents, in bytes as estimated by BYTES_PER_TOKEN. */
const MAX_DOCUMENT_BYTES = 32_000_000;
/**
 * Memory of a document for each token: its tree, its tokens, and what is computed from it and kept as long as it. Measured
 * with compiled operations, on documents of 100 to 5,000 tokens.
 */
const BYTES_PER_TOKEN = 1_500;
/** Most memory of the texts by which documents are found, in bytes. */
const MAX_TEXT_BYTES = 16_000_000;
/** Memory of a text besides its characters, and of each of its literals. */
const BYTES_PER_LITERAL = 500;
/** Shapes that are remembered when there is no room for their documents, some 200 bytes each. */
const MAX_TURNED_AWAY = 10_000;

const NO_ERRORS: readonly GraphQLError[] = [];

/** A valid document. Texts that differ in literals alone share it. */
interface SharedDocument extends LiftedDocument {
  /** The text that it was made of. */
  source: Source;
  /** Where its literals are in that text. */
  places: readonly Place[];
  tokens: number;
}

/** Where a literal is in its text, in UTF-16 code units. */
interface Place {
  start: number;
  end: number;
}

/** A text that was sent before: the document that it shares, and its own literals. */
interface KnownText {
  /** The key of the document. Not the document itself, which this small entry would keep in memory. */
  shape: string;
  source: Source;
  places: readonly Place[];
  values: Record<string, unknown>;
}

/** A text that was parsed. */
export interface ParsedText {
  source: Source;
  document: DocumentNode;
  /** None for a valid document. */
  errors: readonly GraphQLError[];
  /** Values of the variables that stand for the literals of the text; null for a text without any. */
  values: Record<string, unknown> | null;
  /** The text that the document was made of. Places in its errors are places in this text. */
  documentSource: Source;
  /** No text with this document was sent before, or so long ago that the document is forgotten. */
  isNew: boolean;
  /** The place in `source` of a place in `documentSource`. */
  positionOf(position: number): number;
}

/** Parses and validates texts: each once while it is valid and sent repeatedly, and texts that differ in literals alone together. */
export class DocumentCache {
  readonly #schema: GraphQLSchema;
  readonly #byText = new LRUCache<string, KnownText>({
    maxSize: MAX_TEXT_BYTES,
    // The values and the shape are as long as the text, at most.
    sizeCalculation: ({ shape, places }, text) =>
      4 * text.length + 2 * shape.length + BYTES_PER_LITERAL * (1 + places.length),
  });
  readonly #byShape = new LRUCache<string, SharedDocument>({
    maxSize: MAX_DOCUMENT_BYTES,
    sizeCalculation: sizeOf,
  });
  /** Digests of shapes whose documents would have taken the place of others. By size: given a number, the library reserves the memory of all at once. */
  readonly #turnedAway = new LRUCache<string, true>({ maxSize: MAX_TURNED_AWAY, sizeCalculation: () => 1 });

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** Whether a text was sent before and needs neither parsing nor validation. */
  has(text: string): boolean {
    const known = this.#byText.get(text);
    return known !== undefined && this.#byShape.has(known.shape);
  }

  /** @throws GraphQLError for a text that is too large or no GraphQL */
  parse(text: string): ParsedText {
    const known = this.#byText.get(text);
    const shared = known && this.#byShape.get(known.shape);
    return shared ? parsedText(known, shared, false) : this.#parse(new Source(text));
  }

  #parse(source: Source): ParsedText {
    const { tokens, document } = parseLimited(source);
    const found = findLiterals(document);
    const literals = found ?? [];
    const shape = found ? shapeOf(source.body, found) : source.body;
    let shared = this.#byShape.get(shape);
    const isNew = !shared;
    if (!shared) {
      const errors = checkDocument(this.#schema, document);
      // Not kept: the errors hold the whole tree, and a client that sends them repeatedly learns nothing new.
      if (errors.length > 0) return invalidText(source, document, errors);
      shared = { ...liftLiterals(this.#schema, document, literals), source, places: placesOf(literals), tokens };
      if (this.#admits(shape, shared)) this.#byShape.set(shape, shared);
    }
    const values = valuesOf(literals, shared.variables);
    // A literal is not valid in its place: the rules of validation say so better.
    if (!values) return invalidText(source, document, checkDocument(this.#schema, document));
    const known = { shape, source, places: placesOf(literals), values };
    if (this.#byShape.has(shape)) this.#byText.set(source.body, known);
    return parsedText(known, shared, isNew);
  }

  /**
   * Whether a document is kept: while there is room, at once; then when it is sent again, so that documents that are sent once
   * do not take the place of those that return. They are collected soon, before they reach the old generation.
   */
  #admits(shape: string, document: SharedDocument): boolean {
    if (this.#byShape.calculatedSize + sizeOf(document, shape) <= MAX_DOCUMENT_BYTES) return true;
    const digest = createHash('sha256').update(shape).digest('base64');
    const isReturning = this.#turnedAway.delete(digest);
    if (!isReturning) this.#turnedAway.set(digest, true);
    return isReturning;
  }
}

function sizeOf({ tokens }: SharedDocument, shape: string): number {
  return BYTES_PER_TOKEN * tokens + 2 * shape.length;
}

/** @throws GraphQLError */
function parseLimited(source: Source): { tokens: number; document: DocumentNode } {
  try {
    return { tokens: checkTextLimits(source), document: parseDocument(source) };
  } catch (error) {
    if (error instanceof GraphQLError) error.extensions.code ??= 'GRAPHQL_PARSE_FAILED';
    throw error;
  }
}

function invalidText(source: Source, document: DocumentNode, errors: readonly GraphQLError[]): ParsedText {
  return {
    source,
    document,
    errors,
    values: null,
    documentSource: source,
    isNew: true,
    positionOf: (position) => position,
  };
}

function parsedText({ source, values, places }: KnownText, shared: SharedDocument, isNew: boolean): ParsedText {
  const positionOf = (position: number): number => translate(position, shared.places, places);
  return {
    source,
    document: shared.document,
    errors: NO_ERRORS,
    values: places.length > 0 ? values : null,
    documentSource: shared.source,
    isNew,
    positionOf,
  };
}

function placesOf(literals: readonly Literal[]): Place[] {
  return literals.map(({ node }) => ({ start: node.loc!.start, end: node.loc!.end }));
}

/** Between two literals, both texts are the same. */
function translate(position: number, before: readonly Place[], after: readonly Place[]): number {
  const last = before.findLastIndex(({ end }) => end <= position);
  return last < 0 ? position : position + after[last]!.end - before[last]!.end;
}
