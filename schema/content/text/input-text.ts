import { InvalidInputError } from '../errors.ts';
import { isLonger } from './graphemes.ts';
import { isBlank, storageFault } from './text-rules.ts';

// Texts of a client's input. Every error names the field, the rule and what arrived.

/** A text that can be stored, in NFC. @throws InvalidInputError */
export function checkStorable(value: string, path: string[]): string {
  const fault = storageFault(value);
  if (fault) throw new InvalidInputError(`\`${fieldName(path)}\` ${fault}.`, path);
  return value.normalize('NFC');
}

/**
 * A text that shows something, trimmed and in NFC.
 * @param max characters as readers count them (graphemes)
 * @throws InvalidInputError
 */
export function checkText(value: string, path: string[], max: number): string {
  return checkLength(checkStorable(value, path).trim(), path, { min: 1, max });
}

/**
 * A text of one line: each run of white space becomes one space. With a `min` of 1 it must show something.
 * @param length in characters as readers count them (graphemes)
 * @throws InvalidInputError
 */
export function checkLine(value: string, path: string[], length: { min: 0 | 1; max: number }): string {
  return checkLength(checkStorable(value, path).replace(/\s+/gu, ' ').trim(), path, length);
}

function checkLength(text: string, path: string[], { min, max }: { min: 0 | 1; max: number }): string {
  const tooLong = isLonger(text, max);
  if (tooLong || (min === 1 && isBlank(text)))
    throw new InvalidInputError(
      `\`${fieldName(path)}\` must have ${min} to ${max} characters; this has ${tooLong ? 'more' : 'none'}.`,
      path,
    );
  return text;
}

/** The field's name; that of the list for an item of a list. */
export function fieldName(path: readonly string[]): string {
  return path.findLast((step) => !/^\d+$/.test(step))!;
}
