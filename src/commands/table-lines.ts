/** A table as text. Characters that a terminal would obey are written as escapes: rows have texts of strangers. */
export function tableLines(names: readonly string[], rows: readonly (readonly (string | null)[])[]): string[] {
  const cells = [names, ...rows].map((row) => row.map((cell) => (cell === null ? '' : withoutControls(cell))));
  const widths = names.map((_, column) => cells.reduce((widest, row) => Math.max(widest, row[column]!.length), 0));
  const lines = cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | '));
  const rule = widths.map((width) => '-'.repeat(width)).join('-+-');
  return [lines[0]!, rule, ...lines.slice(1)].map((line) => line.trimEnd());
}

const NAMED: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function withoutControls(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => NAMED[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
