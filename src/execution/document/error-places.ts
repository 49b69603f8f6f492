import { type DocumentNode, GraphQLError, Location, parse, Source, type SourceLocation } from 'graphql';

/**
 * Parses a text. graphql-js counts the lines before the place of each error, some milliseconds in a text of nothing but line
 * breaks, and one operation may have thousands of errors. So the nodes refer to an empty text, and `placesOf` finds the
 * places, which the lexer has counted. The document itself refers to the whole text.
 */
export function parseDocument(source: Source): DocumentNode {
  const emptied = new Source(source.body);
  const document = parse(emptied);
  emptied.body = '';
  const { startToken, endToken } = document.loc!;
  return { ...document, loc: new Location(startToken, endToken, source) };
}

/** Where the nodes of an error are in the text of their document; undefined for none. */
export function placesOf({ nodes, locations }: GraphQLError): readonly SourceLocation[] | undefined {
  // Errors of compiled operations have no nodes.
  if (!nodes) return locations;
  const tokens = nodes.flatMap(({ loc }) => loc?.startToken ?? []);
  return tokens.length > 0 ? tokens.map(({ line, column }) => ({ line, column })) : undefined;
}

/** The error with these places. */
export function withPlaces(error: GraphQLError, locations: readonly SourceLocation[] | undefined): GraphQLError {
  if (locations === error.locations) return error;
  const { message, path = null, originalError = null, extensions } = error;
  // Those of compiled operations cannot be changed.
  const changed = error.nodes ? error : new GraphQLError(message, { path, originalError, extensions });
  return Object.assign(changed, { locations });
}

/** The errors of a document with the places of their nodes. */
export function withNodePlaces(errors: readonly GraphQLError[]): GraphQLError[] {
  return errors.map((error) => withPlaces(error, placesOf(error)));
}

/** The lines of a text. It is read once, for any number of places. */
export class Lines {
  readonly #text: string;
  #starts: readonly number[] | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  /** The UTF-16 code unit at a place. */
  offsetOf({ line, column }: SourceLocation): number {
    return this.#lineStarts()[line - 1]! + column - 1;
  }

  placeOf(offset: number): SourceLocation {
    const starts = this.#lineStarts();
    let line = 1;
    for (let end = starts.length; line < end; ) {
      const middle = (line + end) >> 1;
      if (starts[middle]! <= offset) line = middle + 1;
      else end = middle;
    }
    return { line, column: offset - starts[line - 1]! + 1 };
  }

  #lineStarts(): readonly number[] {
    this.#starts ??= [0, ...Array.from(this.#text.matchAll(/\r\n|[\n\r]/g), ({ index, 0: end }) => index + end.length)];
    return this.#starts;
  }
}
