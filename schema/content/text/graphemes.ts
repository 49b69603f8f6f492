// Lengths in graphemes, as readers count characters: an accented letter, a flag and a family of four are one each.

/** Average UTF-16 code units of a grapheme beyond which a text is too long without counting: only stacked marks have more. */
const MAX_UNITS_PER_GRAPHEME = 16;

/**
 * Code units that are segmented together. The segmenter's time for one step grows with the length of the text: 10,000
 * families of four take 1.7 s in one piece, and 20 ms in pieces of this size.
 */
const PIECE = 2_000;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Whether a text has more than `max` graphemes. */
export function isLonger(text: string, max: number): boolean {
  if (text.length <= max) return false;
  if (text.length > max * MAX_UNITS_PER_GRAPHEME) return true;
  let count = 0;
  let size = PIECE;
  for (let from = 0; from < text.length; ) {
    // A cut must not split a surrogate pair.
    const end = from + size + (/[\uD800-\uDBFF]/.test(text[from + size - 1] ?? '') ? 1 : 0);
    const piece = [...graphemes.segment(text.slice(from, end))];
    const isLast = end >= text.length;
    // The last grapheme of a piece may continue behind the cut: the next piece begins with it.
    const whole = isLast ? piece.length : piece.length - 1;
    count += whole;
    if (count > max) return true;
    if (isLast) return false;
    from += whole > 0 ? piece[whole]!.index : 0;
    size = whole > 0 ? PIECE : size * 2;
  }
  return false;
}
