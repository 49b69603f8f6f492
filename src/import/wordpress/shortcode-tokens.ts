export interface ShortcodeToken {
  start: number;
  end: number;
  name: string;
  attributes: string;
  closing: boolean;
  /** True for `[[name]]`, which shows the text `[name]`. */
  escaped: boolean;
}

/** The shortcodes of a body, known and unknown. */
export function tokensOf(source: string): ShortcodeToken[] {
  const tokens: ShortcodeToken[] = [];
  for (const match of source.matchAll(/\[(\[?)(\/?)([a-z][\w-]{1,40})((?:[\s=][^\][]*|\/)?)\](\]?)/gi)) {
    const [whole, opened, slash, name, attributes, closed] = match;
    const escaped = opened === '[' && closed === ']';
    // A second bracket on one side only is text, and no part of the shortcode.
    const start = match.index + (escaped ? 0 : (opened?.length ?? 0));
    const end = match.index + whole.length - (escaped ? 0 : (closed?.length ?? 0));
    tokens.push({
      start,
      end,
      name: name!.toLowerCase(),
      attributes: (attributes ?? '').replace(/[“”″]/g, '"').replace(/\/$/, ''),
      closing: slash === '/',
      escaped,
    });
  }
  return tokens;
}

/** For each opening token, the next closing token of its name, unless another opening token of that name precedes it. */
export function closersOf(tokens: ShortcodeToken[]): (ShortcodeToken | undefined)[] {
  const next = new Map<string, ShortcodeToken>();
  const closers: (ShortcodeToken | undefined)[] = new Array(tokens.length);
  for (const [index, token] of [...tokens.entries()].reverse()) {
    if (token.escaped) continue;
    if (token.closing) {
      next.set(token.name, token);
    } else {
      closers[index] = next.get(token.name);
      next.delete(token.name);
    }
  }
  return closers;
}

/** Attributes by name. The first one without a name has the key ''. */
export function attributesOf(source: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const match of source.matchAll(
    /([\w-]+)\s*=\s*"([^"]*)"|([\w-]+)\s*=\s*'([^']*)'|([\w-]+)=([^\s"']+)|=?([^\s=]\S*)/g,
  )) {
    const name = (match[1] ?? match[3] ?? match[5] ?? '').toLowerCase();
    const value = match[2] ?? match[4] ?? match[6] ?? match[7] ?? '';
    if (!attributes.has(name)) attributes.set(name, value);
  }
  return attributes;
}
