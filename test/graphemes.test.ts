import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLonger } from '../schema/content/text/graphemes.ts';

const FAMILY = '👨‍👩‍👧‍👦';

/** The same in one piece. */
function count(text: string): number {
  return [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].length;
}

describe('the length of a text', () => {
  it('is what readers count, wherever the text is cut for counting', () => {
    // What a cut could part: joined emoji, flags, stacked marks, syllables, line ends.
    const pieces = fc.constantFrom(
      'a',
      FAMILY,
      '🇩🇪',
      '🇩',
      'e\u0301',
      '\u1100\u1161\u11a8',
      '\u1100',
      '\r\n',
      '👍🏽',
      'क्षि',
      '\u200d',
    );
    const times = fc.integer({ min: 1, max: 1_500 });
    const texts = fc
      .array(fc.tuple(pieces, times), { maxLength: 4 })
      .map((parts) => parts.map(([piece, n]) => piece.repeat(n)).join(''));
    fc.assert(
      fc.property(texts, (text) => {
        const length = count(text);
        // Fewer than there are units in a text that is refused unread.
        fc.pre(text.length <= Math.max(0, length - 1) * 16);
        expect([isLonger(text, length - 1), isLonger(text, length)]).toEqual([true, false]);
      }),
      { numRuns: 60 },
    );
  });

  it('is counted in time that grows no faster than the text', () => {
    const before = process.cpuUsage();
    expect(isLonger(FAMILY.repeat(10_000), 10_000)).toBe(false);
    expect(isLonger(FAMILY.repeat(10_001), 10_000)).toBe(true);
    expect(isLonger('\u1100'.repeat(150_000), 10_000)).toBe(false);
    // Microseconds. In one piece each takes seconds.
    expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
  });
});
