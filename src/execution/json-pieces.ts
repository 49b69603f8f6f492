import { BackgroundQueue, hasTime } from '../background/index.ts';

/** What a value may have to be encoded at once: values, and characters by 64. JSON.stringify takes less than 2 ms for it. */
const SMALL_WEIGHT = 5_000;
const CHARACTERS_SHIFT = 6;
/** Characters of one piece of a long string. */
const STRING_PIECE = 131_072;
/** Characters that are collected before they are encoded as bytes. */
const CHUNK = 131_072;

/** Pieces of all results that are being encoded. */
const pieces = new BackgroundQueue();

/** The JSON has more bytes than it may have. */
export class JsonTooLargeError extends Error {
  override name = 'JsonTooLargeError';
}

/** Whether JSON.stringify is quick for a value. It stops counting as soon as the value is not small. */
export function isSmall(value: unknown): boolean {
  return subtractChild(SMALL_WEIGHT, value) >= 0;
}

/** The encoding that was begun last. */
let previous: Promise<unknown> = Promise.resolve();

/**
 * Encodes a value as JSON.stringify does, in pieces between which the event loop runs. Values are encoded one after
 * another: with many at a time the event loop would wait for a piece of each.
 * @throws JsonTooLargeError as soon as there are more than `maxBytes`
 */
export function encodeInPieces(value: unknown, maxBytes: number): Promise<Buffer> {
  const encoding = previous.then(() => encode(value, maxBytes));
  previous = encoding.catch(() => {});
  return encoding;
}

async function encode(value: unknown, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  let text = '';
  const flush = (): void => {
    const chunk = Buffer.from(text);
    text = '';
    size += chunk.length;
    if (size > maxBytes) throw new JsonTooLargeError();
    chunks.push(chunk);
  };
  for (const piece of piecesOf(value)) {
    text += piece;
    if (text.length >= CHUNK) flush();
    if (!hasTime()) await pieces.turn();
  }
  flush();
  return Buffer.concat(chunks, size);
}

/** Written for speed: it visits every value of every result. */
function subtractWeight(left: number, value: object): number {
  let rest = left;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length && rest >= 0; i++) rest = subtractChild(rest, value[i]);
    return rest;
  }
  for (const key in value) {
    rest = subtractChild(rest, (value as Record<string, unknown>)[key]);
    if (rest < 0) return rest;
  }
  return rest;
}

function subtractChild(left: number, child: unknown): number {
  if (typeof child === 'string') return left - 1 - (child.length >> CHARACTERS_SHIFT);
  return typeof child === 'object' && child !== null ? subtractWeight(left - 1, child) : left - 1;
}

function* piecesOf(value: unknown): Generator<string, void, void> {
  if (typeof value === 'string' && value.length > STRING_PIECE) yield* stringPieces(value);
  else if (typeof value !== 'object' || value === null || 'toJSON' in value || isSmall(value))
    yield JSON.stringify(value) ?? 'null';
  else if (Array.isArray(value)) yield* arrayPieces(value);
  else yield* objectPieces(value);
}

function* arrayPieces(values: readonly unknown[]): Generator<string, void, void> {
  let separator = '[';
  for (const value of values) {
    yield separator;
    yield* piecesOf(value);
    separator = ',';
  }
  yield separator === '[' ? '[]' : ']';
}

function* objectPieces(object: object): Generator<string, void, void> {
  let separator = '{';
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined || typeof value === 'function' || typeof value === 'symbol') continue;
    yield `${separator}${JSON.stringify(key)}:`;
    yield* piecesOf(value);
    separator = ',';
  }
  yield separator === '{' ? '{}' : '}';
}

function* stringPieces(text: string): Generator<string, void, void> {
  yield '"';
  for (let from = 0; from < text.length; ) {
    let to = Math.min(from + STRING_PIECE, text.length);
    // The two halves of a surrogate pair are one character, which is escaped otherwise.
    if (to < text.length && isHighSurrogate(text.charCodeAt(to - 1))) to += 1;
    yield JSON.stringify(text.slice(from, to)).slice(1, -1);
    from = to;
  }
  yield '"';
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
