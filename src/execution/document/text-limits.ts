import { GraphQLError, Lexer, type Source, TokenKind } from 'graphql';

/** Longest document in UTF-16 code units: a large generated client's operation has some thousands. */
export const MAX_LENGTH = 100_000;
/** Most tokens of a document: parsing and validating cost by them, so a document of one-letter fields is bounded too. */
const MAX_TOKENS = 5_000;
/**
 * Most brackets of any kind within each other. The parser and everything that walks a document recurse by them. Ten levels
 * of replies with edges and nodes need 40, and 100 topics with their parents 101.
 */
const MAX_NESTING = 200;

const OPENING = new Set<string>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING = new Set<string>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Checks the size of a document before it is parsed.
 * @returns the number of tokens
 * @throws GraphQLError with code DOCUMENT_TOO_LARGE, or a syntax error of the lexer
 */
export function checkTextLimits(source: Source): number {
  const { length } = source.body;
  if (length > MAX_LENGTH) throw documentTooLarge(`The document has ${length} characters; the limit is ${MAX_LENGTH}.`);
  const lexer = new Lexer(source);
  let tokens = 0;
  let nesting = 0;
  for (let { kind } = lexer.advance(); kind !== TokenKind.EOF; kind = lexer.advance().kind) {
    tokens += 1;
    if (tokens > MAX_TOKENS) throw documentTooLarge(`The document has more than ${MAX_TOKENS} tokens.`);
    if (CLOSING.has(kind)) nesting -= 1;
    else if (OPENING.has(kind) && ++nesting > MAX_NESTING)
      throw documentTooLarge(`The document has more than ${MAX_NESTING} brackets within each other.`);
  }
  return tokens;
}

export function documentTooLarge(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'DOCUMENT_TOO_LARGE' } });
}
