/** Whether a text shows nothing: it has only white space and characters that change how others are shown. */
export function isBlank(text: string): boolean {
  // U+2800 is the empty pattern of Braille.
  return !/[^\s\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/u.test(text);
}

/** Combining marks on one character. Living scripts need a few; more would cover the lines above and below. */
const MAX_MARKS = 8;
// An invisible joiner between marks does not end their stack.
const TOO_MANY_MARKS = new RegExp(`(?:\\p{M}\\p{Cf}*){${MAX_MARKS + 1}}`, 'u');

/** Why a text cannot be stored, as the end of a sentence for its author; null when it can. */
export function storageFault(value: string): string | null {
  if (value.includes('\0')) return 'contains the character NUL (U+0000), which cannot be stored';
  if (!value.isWellFormed()) return 'contains half of a character (a lone UTF-16 surrogate)';
  const control = /(?![\t\n\r])\p{Cc}/u.exec(value)?.[0];
  if (control)
    return `contains the control character U+${control.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`;
  if (TOO_MANY_MARKS.test(value)) return `stacks more than ${MAX_MARKS} marks on one character`;
  return null;
}
