// Hugo looks for shortcodes in all of a text, code as well, and does not build a site with one that it does not know or that does not end.

/** Characters between the marks that the import of a folder reads back. */
const MAX_LENGTH = 2_000;

/** Invisible, and no letter: between the braces and the mark of a shortcode, it makes them text. */
const JOINER = '\u{2060}';

const ENDS = { '<': '>}}', '%': '%}}' } as const;

/**
 * Markdown in which nothing is a shortcode. Hugo shows `{{</* x *\/>}}` as `{{< x >}}`, whatever x is. What begins like a shortcode
 * and does not end gets an invisible character.
 */
export function withoutShortcodes(markdown: string): string {
  const last = { '<': markdown.lastIndexOf(ENDS['<']), '%': markdown.lastIndexOf(ENDS['%']) };
  const beginning = /\{\{([<%])/g;
  let text = '';
  let copied = 0;
  for (let found = beginning.exec(markdown); found; found = beginning.exec(markdown)) {
    const mark = found[1] as keyof typeof ENDS;
    const inner = beginning.lastIndex;
    const end = last[mark] < inner ? -1 : markdown.indexOf(ENDS[mark], inner);
    text += markdown.slice(copied, found.index);
    if (end === -1 || end - inner > MAX_LENGTH) {
      text += `{{${JOINER}${mark}`;
      copied = inner;
    } else {
      text += `{{${mark}/*${markdown.slice(inner, end)}*/${ENDS[mark]}`;
      copied = end + ENDS[mark].length;
      beginning.lastIndex = copied;
    }
  }
  return text + markdown.slice(copied);
}
