/** Maps the parts between fenced blocks of code, and these blocks. A block that is not closed extends to the end. */
export function mapOutsideFences(
  source: string,
  map: (part: string) => string,
  mapFence: (part: string) => string = (part) => part,
): string {
  const out: string[] = [];
  let part: string[] = [];
  let fence = '';
  const flush = () => {
    if (part.length > 0) out.push((fence === '' ? map : mapFence)(part.join('\n')));
    part = [];
  };
  for (const line of source.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? '';
    if (fence === '' && mark !== '') {
      flush();
      fence = mark;
      part.push(line);
    } else {
      part.push(line);
      if (fence !== '' && mark.startsWith(fence) && line.trim() === mark) {
        flush();
        fence = '';
      }
    }
  }
  flush();
  return out.join('\n');
}
