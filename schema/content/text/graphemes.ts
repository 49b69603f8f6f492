// Lengths as readers count them: an accented letter, a flag and a family of four are one character each.

/** UTF-16 code units a grapheme may take on average before a text is refused unread: beyond it, only stacked marks remain. */
const MAX_UNITS_PER_GRAPHEME = 16;

/**
 * Code units that are looked at together. The segmenter's time for one step grows with the text around it: 10,000
 * families of four take 1.7 s in one piece, and 20 ms in pieces of this size.
 */
const PIECE = 2_000;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Whether a text has more than so many graphemes, or is so long that nobody would count. Pure. */
export function isLonger(text: string, most: number): boolean {
  if (text.length <= most) return false;
  if (text.length > most * MAX_UNITS_PER_GRAPHEME) return true;
  let count = 0;
  let size = PIECE;
  for (let from = 0; from < text.length; ) {
    // Half of a surrogate pair is no part of anything.
    const end = from + size + (/[\uD800-\uDBFF]/.test(text[from + size - 1] ?? '') ? 1 : 0);
    const piece = [...graphemes.segment(text.slice(from, end))];
    const isLast = end >= text.length;
    // Where a piece was cut, its last grapheme may go on: the next piece begins with it.
    const whole = isLast ? piece.length : piece.length - 1;
    count += whole;
    if (count > most) return true;
    if (isLast) return false;
    from += whole > 0 ? piece[whole]!.index : 0;
    size = whole > 0 ? PIECE : size * 2;
  }
  return false;
}
