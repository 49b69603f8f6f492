/** A text without blank lines around it. The blanks that a text begins with make its first lines code in Markdown, so they stay. */
export function withoutBlankLinesAround(text: string): string {
  return text.trimEnd().replace(/^(?:[ \t]*\r?\n)+/, '');
}
