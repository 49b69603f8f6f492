import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from '../schema/content/text/plain-text.ts';
import { sanitizeHtml } from '../schema/content/text/sanitize.ts';

/** Characters that parsers treat in a special way, and others. No tags and no references: these are no plain paragraphs. */
const SPECIAL = [
  ...[' ', ' ', '  ', '\n', '\t', '\f', '\v', '\r', '\u00a0', '\u200b', '\u2028', '\u3000', '\ufeff', '\u00ad'],
  ...[
    'a',
    'word',
    "'",
    '"',
    '`',
    '=',
    '/',
    '-->',
    ';',
    'amp;',
    '#',
    '.',
    '\u202e',
    '\u2069',
    'e\u0301',
    '東京',
    '👩‍👩‍👧',
    '\ud800',
  ],
];
const text = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...SPECIAL) }, fc.string({ unit: 'binary', maxLength: 3 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((parts) => parts.join('').replace(/[<>&]/g, 'x'));

/** With a reference in it, HTML is no plain paragraph, and takes the way of all HTML. */
const OTHER = '<p>&amp;</p>';
const RUNS = { numRuns: 3_000 };

describe('paragraphs of plain text', () => {
  it.each(['article', 'comment', 'bio'] as const)('in the place %s are sanitised like all HTML', (place) => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 3 }), (texts) => {
        const html = texts.map((one) => `<p>${one}</p>`).join('\n');
        expect(sanitizeHtml(html, place) + OTHER).toBe(sanitizeHtml(html + OTHER, place));
      }),
      RUNS,
    );
  });

  it('may be of any length', () => {
    const words = 'a word '.repeat(3_000_000).trim();
    expect(plainText(`<p>${words}</p>`) === words).toBe(true);
    const paragraphs = '<p>a</p>\n'.repeat(1_000_000);
    expect(sanitizeHtml(paragraphs, 'comment') === paragraphs).toBe(true);
  });

  it('have the text that all HTML has', () => {
    fc.assert(
      fc.property(text, (one) => {
        // With an element in it, it takes the way of all HTML.
        expect(plainText(`<p>${one}</p>`)).toBe(plainText(`<p>${one}<b></b></p>`));
      }),
      RUNS,
    );
  });
});
