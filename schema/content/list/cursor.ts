import { fnv1a } from '../checksum.ts';
import { BadUserInputError } from '../errors.ts';

/** A row's place in an ordered list: the value of each column it is ordered by. Times stand as ISO 8601 in UTC. */
export type Keyset = readonly (number | string)[];

export type KeysetType = 'int' | 'real' | 'text' | 'timestamptz';

/**
 * Makes the cursors of a list's rows.
 * @param list names the list with everything that decides its rows and order; a cursor fits that list alone
 */
export function createCursorEncoder(list: string): (place: Keyset) => string {
  const listHash = fnv1a(list);
  return (place) => {
    const json = JSON.stringify(place);
    return Buffer.from(`["${fnv1a(json, listHash).toString(36)}",${json.slice(1)}`).toString('base64url');
  };
}

/** @throws BAD_USER_INPUT when the cursor is not one, or belongs to another list */
export function decodeCursor(list: string, types: readonly KeysetType[], cursor: string): Keyset {
  const [print, ...place] = parseArray(cursor);
  const isOfList = print === fnv1a(JSON.stringify(place), fnv1a(list)).toString(36);
  if (!isOfList || place.length !== types.length || !place.every((value, i) => fits(value, types[i]!)))
    throw new BadUserInputError(
      'The cursor is not one that this list gave out: it belongs to another list, or to the same one in another order or with another filter, or it was changed.',
    );
  return place as Keyset;
}

function parseArray(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    // Only the exact form that cursorsOf makes: no two spellings of one place.
    if (Array.isArray(value) && Buffer.from(JSON.stringify(value)).toString('base64url') === cursor) return value;
  } catch {
    // Not JSON: refused below like everything else that is not a cursor.
  }
  return [];
}

const MAX_INT = 2 ** 31 - 1;

function fits(value: unknown, type: KeysetType): boolean {
  switch (type) {
    case 'int':
      return Number.isInteger(value) && Math.abs(value as number) <= MAX_INT;
    case 'real':
      // What single precision rounds to infinity, or from something to nothing, PostgreSQL refuses to read.
      return (
        typeof value === 'number' && Number.isFinite(Math.fround(value)) && (Math.fround(value) !== 0 || value === 0)
      );
    case 'timestamptz':
      return typeof value === 'string' && isInstant(value);
    case 'text':
      return typeof value === 'string' && value.isWellFormed() && !value.includes('\0');
  }
}

/** As Date writes it, in the years 1 to 9999: there, what Date can read PostgreSQL can read. */
function isInstant(text: string): boolean {
  const time = new Date(text);
  return /^(?!0000)\d{4}-/.test(text) && !Number.isNaN(time.getTime()) && time.toISOString() === text;
}
