/** Longest document or SQL in a log line or a span, in UTF-16 code units. */
const MAX_TEXT = 10_000;

export function shortened(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}
