import { base64url } from '../base64url.ts';
import { fnv1a } from '../checksum.ts';
import { BadUserInputError } from '../errors.ts';

/** A row's position in an ordered list: its values of the columns that order the list. Times are ISO 8601 in UTC. */
export type Keyset = readonly (number | string)[];

export type KeysetType = 'int' | 'real' | 'text' | 'timestamptz';

/**
 * Makes the cursors of a list's rows.
 * @param list states everything that decides rows and order; a cursor is valid in that list alone
 */
export function createCursorEncoder(list: string): (keyset: Keyset) => string {
  const listHash = fnv1a(list);
  return (keyset) => {
    const json = JSON.stringify(keyset);
    return base64url(`["${fnv1a(json, listHash).toString(36)}",${json.slice(1)}`);
  };
}

/**
 * UTF-16 code units: more than a cursor has, whose longest part is a name. A longer text is not decoded, since an operation may
 * repeat it thousands of times.
 */
const MAX_LENGTH = 8_000;

/** @throws BadUserInputError for a cursor that is not valid in the list */
export function decodeCursor(list: string, types: readonly KeysetType[], cursor: string): Keyset {
  const [checksum, ...values] = parseArray(cursor);
  const isOfList = checksum === fnv1a(JSON.stringify(values), fnv1a(list)).toString(36);
  if (!isOfList || values.length !== types.length || !values.every((value, i) => isOfType(value, types[i]!)))
    throw new BadUserInputError(
      'The cursor is not valid in this list: it belongs to another list, or to this one in another order or with another filter, or it was changed.',
    );
  return values as Keyset;
}

function parseArray(cursor: string): unknown[] {
  if (cursor.length > MAX_LENGTH) return [];
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    // Only the exact text that was encoded: a position has one cursor.
    if (Array.isArray(value) && Buffer.from(JSON.stringify(value)).toString('base64url') === cursor) return value;
  } catch {
    // Not JSON: the caller refuses it like any other text that is not a cursor.
  }
  return [];
}

const MAX_INT = 2 ** 31 - 1;

function isOfType(value: unknown, type: KeysetType): boolean {
  switch (type) {
    case 'int':
      return Number.isInteger(value) && Math.abs(value as number) <= MAX_INT;
    case 'real':
      // PostgreSQL refuses numbers that single precision rounds to infinity, or to zero when they are not zero.
      return (
        typeof value === 'number' && Number.isFinite(Math.fround(value)) && (Math.fround(value) !== 0 || value === 0)
      );
    case 'timestamptz':
      return typeof value === 'string' && isInstant(value);
    case 'text':
      return typeof value === 'string' && value.isWellFormed() && !value.includes('\0');
  }
}

/** As Date writes it, in the years 1 to 9999, in which PostgreSQL reads what Date reads. */
function isInstant(text: string): boolean {
  const time = new Date(text);
  return /^(?!0000)\d{4}-/.test(text) && !Number.isNaN(time.getTime()) && time.toISOString() === text;
}
