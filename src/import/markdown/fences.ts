/** The beginning of a fence, also in a list or a quotation. Behind backticks, a line with another backtick is code in a line. */
const FENCE = /^(?:[ \t]*(?:>|[*+-][ \t]|\d{1,9}[.)][ \t]))*[ \t]*(`{3,}(?=[^`]*$)|~{3,})/;

/** The line that ends one has nothing else, but for the marks of a quotation. */
const QUOTATION = /^(?:[ \t]*>)*/;

/** Maps the parts between fenced blocks of code, and these blocks. A block that is not closed extends to the end, or to that of its quotation. */
export function mapOutsideFences(
  source: string,
  map: (part: string) => string,
  mapFence: (part: string) => string = (part) => part,
): string {
  const out: string[] = [];
  let part: string[] = [];
  let fence = '';
  let isQuoted = false;
  const flush = () => {
    if (part.length > 0) out.push((fence === '' ? map : mapFence)(part.join('\n')));
    part = [];
  };
  for (const line of source.split('\n')) {
    // A fence that is not closed ends with the quotation around it.
    if (fence !== '' && isQuoted && !/^[ \t]*>/.test(line)) {
      flush();
      fence = '';
    }
    const mark = FENCE.exec(line)?.[1] ?? '';
    if (fence === '' && mark !== '') {
      flush();
      fence = mark;
      isQuoted = /^[ \t]*>/.test(line);
      part.push(line);
    } else {
      part.push(line);
      if (fence !== '' && mark.startsWith(fence) && line.replace(QUOTATION, '').trim() === mark) {
        flush();
        fence = '';
      }
    }
  }
  flush();
  return out.join('\n');
}
