import { JSONParser, TokenType } from '@streamparser/json';
import { openTextFile } from './file-text.ts';
import { ImportError } from './import-error.ts';
import type { InputFile } from './input-file.ts';
import type { Progress } from './progress.ts';

/** Characters of one value of a file, which is kept in memory. */
const MAX_VALUE = 32 * 1024 * 1024;

/** Parts of one value, such as a number or a bracket, and levels of arrays and objects: each takes far more memory than a character. */
const MAX_TOKENS = 4_000_000;
const MAX_DEPTH = 512;

export interface JsonValue {
  value: unknown;
  /** The keys that lead to the value, from the root; numbers in arrays. */
  path: (string | number)[];
}

interface ReadJsonOptions {
  file: InputFile;
  /** Which values are read, such as `$.data.*.*`. */
  paths: string[];
  onValue: (value: JsonValue) => void;
  /** Called after each part of the file, before more of it is read. */
  afterPart: () => Promise<void>;
  progress: Progress;
  signal: AbortSignal | undefined;
}

/**
 * Reads the chosen values of a JSON file one by one, of which it keeps one in memory.
 *
 * @throws ImportError if the file is not complete JSON
 */
export async function readJsonValues(options: ReadJsonOptions): Promise<void> {
  const { file, paths, onValue, afterPart, progress, signal } = options;
  const { chunks, size, position } = await openTextFile(file);
  const parser = new JSONParser({ paths, keepStack: false });
  let pending = 0;
  let items = 0;
  const limits = limitTokens(parser);
  parser.onValue = ({ value, key, stack }) => {
    pending = 0;
    limits.tokens = 0;
    items += 1;
    const path = [...stack.slice(1).map((level) => level.key!), key!];
    receive(() => onValue({ value, path }));
  };
  let isFirst = true;
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    pending += chunk.length;
    if (pending > MAX_VALUE) throw new ImportError(`A value of the file has more than ${MAX_VALUE} characters.`);
    parse(() => parser.write(isFirst ? chunk.replace(/^\ufeff/, '') : chunk));
    isFirst = false;
    await afterPart();
    progress.reportRead({ items, comments: 0, bytes: position(), size });
  }
  if (!parser.isEnded) parse(() => parser.end());
  if (!parser.isEnded) throw new ImportError('The file ends before it is complete.');
}

/** Ends the import of a file whose structure is too large. @returns the number of tokens, which the caller sets back */
function limitTokens(parser: JSONParser): { tokens: number } {
  const limits = { tokens: 0 };
  let depth = 0;
  parser.onToken = ({ token }) => {
    limits.tokens += 1;
    if (token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET) depth += 1;
    else if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) depth -= 1;
    if (depth > MAX_DEPTH)
      throw new ImportError(`The file has arrays and objects nested more than ${MAX_DEPTH} levels deep.`);
    if (limits.tokens > MAX_TOKENS) throw new ImportError(`A value of the file has more than ${MAX_TOKENS} parts.`);
  };
  return limits;
}

/** An error of the code that receives a value, on its way through the parser. */
class ReceiverError extends Error {}

function receive(step: () => void): void {
  try {
    step();
  } catch (cause) {
    throw new ReceiverError('', { cause });
  }
}

/** Errors of the parser become errors of the file; those of the code that receives a value stay as they are. */
function parse(step: () => void): void {
  try {
    step();
  } catch (cause) {
    if (cause instanceof ReceiverError) throw cause.cause;
    if (cause instanceof ImportError || !(cause instanceof Error)) throw cause;
    // The parser has no class of its own for an end between two tokens. In a bundle, its classes have other names.
    const isCut = /ended in (the middle|mid-parsing)/.test(cause.message);
    const reason = isCut ? 'it ends before it is complete' : cause.message.replace(/ at position "\d+"/, '');
    throw new ImportError(`The file is not valid JSON: ${reason}.`, null, { cause });
  }
}

/** A property of a value as text: numbers and booleans as they are written, anything else empty. */
export function textOf(value: unknown, key: string): string {
  const found = propertyOf(value, key);
  if (typeof found === 'string') return found;
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : '';
}

export function propertyOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

export function itemsOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
