import type MarkdownIt from 'markdown-it';

// Where a bare address in Markdown ends, and bounds on the search for them. The library tests an address at each scheme and follows each
// bracket of its path to the end of the text: 100 kB of `http://a.b/((((` took 8 s.

/** Characters of an address. Browsers and servers accept about as many; a longer one stays text. */
const MAX_ADDRESS = 2_000;

/** Characters between two brackets or quotes in the path of an address. */
const MAX_BRACKETED = 200;

/** The end of a pair of brackets or quotes in the library's pattern of a path: `)*\)`, `)+\"`. */
const UNBOUNDED_PAIR = /\)([*+])(?=\\[\])}"'])/g;

/** Characters before an address that decide about it. */
const LOOK_BEHIND = 4;

/**
 * Full-width punctuation, quotation marks, and dashes and ellipses that are set without spaces; and the marks that end sentences and
 * clauses in Arabic and in the scripts of India. None of these writings has a space between an address and the mark behind
 * it. The middle dot joins words, also in addresses.
 */
const AROUND_ADDRESS =
  /[\u00AB\u00BB\u060C\u061B\u061F\u06D4\u0964\u0965\u2014\u2015\u2018-\u201F\u2025\u2026\u2039\u203A\u22EF\u3001-\u3003\u3008-\u3011\u3014-\u301F\uFE10-\uFE19\uFE30-\uFE58\uFE5D\uFE5E\uFF01-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF3D\uFF5B-\uFF64]/;

/** Marks that end a sentence, or are of Markdown, are no part of an address that ends with them, also before a bracket or a quotation mark. */
const AFTER_ADDRESS = '!*,.:;?\\_~';

/** Makes the time to find bare addresses grow with the length of the text, and with nothing else. */
export function boundAutolinks({ linkify }: MarkdownIt): void {
  // Its types take the parts of patterns for patterns.
  const parts = linkify as unknown as { re: { src_path: string } };
  linkify.onCompile = () => {
    const bounded = (_: string, least: string): string => `){${least === '*' ? 0 : 1},${MAX_BRACKETED}}`;
    parts.re.src_path = parts.re.src_path.replace(UNBOUNDED_PAIR, bounded);
  };
  // Compiles the patterns again.
  linkify.add('https:', 'http:');

  const testSchemaAt = linkify.testSchemaAt.bind(linkify);
  let last = { text: '', from: 0, to: 0 };
  linkify.testSchemaAt = (text, schema, from) => {
    // An address inside the last one is never used, but the library looks for it.
    if (from > last.from && from - schema.length < last.to && text === last.text) return 0;
    const start = Math.max(0, from - LOOK_BEHIND);
    const address = text.slice(from, from + MAX_ADDRESS);
    const end = address.search(AROUND_ADDRESS);
    const tested = text.slice(start, from) + (end === -1 ? address : address.slice(0, end));
    let length = testSchemaAt(tested, schema, from - start);
    while (length > 0 && AFTER_ADDRESS.includes(text[from + length - 1]!)) length -= 1;
    if (length > 0) last = { text, from, to: from + length };
    return length < MAX_ADDRESS ? length : 0;
  };
}
