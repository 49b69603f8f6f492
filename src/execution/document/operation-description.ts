import { createHash } from 'node:crypto';
import {
  getOperationAST,
  Lexer,
  type OperationDefinitionNode,
  type OperationTypeNode,
  Source,
  TokenKind,
} from 'graphql';
import { memoizePerOperation } from '../operation-memo.ts';

/** Longest name that is logged and counted, in UTF-16 code units; names of front ends have some thirty. */
const MAX_NAME = 100;
const COMMENT = /#[^\n\r]*/g;

/** How logs, metrics and traces name an operation. */
export class OperationDescription {
  /** The name, cut when it is long; null for an operation without one. */
  readonly name: string | null;
  /** Null for an operation that the document does not have. */
  readonly kind: `${OperationTypeNode}` | null;
  readonly #text: string;
  #hash: string | undefined;

  constructor(operation: OperationDefinitionNode | null | undefined, text: string) {
    this.name = operation?.name?.value.slice(0, MAX_NAME) ?? null;
    this.kind = operation?.operation ?? null;
    this.#text = text;
  }

  /**
   * SHA-256 of the document with `0` and `""` instead of its numbers and strings, in hexadecimal. For a document without any it is
   * the hash by which clients name it (`extensions.persistedQuery.sha256Hash`).
   */
  get hash(): string {
    this.#hash ??= createHash('sha256')
      .update(hideLiterals(this.#text, (gap) => gap))
      .digest('hex');
    return this.#hash;
  }

  /** The document without what a client may have written into it: numbers, strings and comments. */
  get text(): string {
    return hideLiterals(this.#text, (gap) => gap.replaceAll(COMMENT, ''));
  }
}

/** The description of an operation. It is made once for all texts that share a document. */
export const describeOperation = memoizePerOperation(
  ({ document, operationName }) =>
    new OperationDescription(getOperationAST(document, operationName), document.loc?.source.body ?? ''),
);

/** @param ofGap what is written for the text between two tokens, which has spaces, commas and comments */
function hideLiterals(text: string, ofGap: (gap: string) => string): string {
  const lexer = new Lexer(new Source(text));
  let hidden = '';
  let end = 0;
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    hidden += ofGap(text.slice(end, token.start)) + shownToken(token.kind, text.slice(token.start, token.end));
    end = token.end;
  }
  return hidden + ofGap(text.slice(end));
}

function shownToken(kind: TokenKind, text: string): string {
  if (kind === TokenKind.STRING || kind === TokenKind.BLOCK_STRING) return '""';
  return kind === TokenKind.INT || kind === TokenKind.FLOAT ? '0' : text;
}
