import { escapeText } from './feed-entry.ts';

/** The markup inside an element, as HTML. */
export class XhtmlText {
  /** How many elements are open around it. */
  readonly depth: number;
  html = '';

  constructor(depth: number) {
    this.depth = depth;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    const listed = Object.entries(attributes)
      .filter(([key]) => !key.startsWith('xmlns'))
      .map(([key, value]) => ` ${key}="${escapeText(value)}"`);
    this.html += `<${local(name)}${listed.join('')}>`;
  }

  text(text: string): void {
    this.html += escapeText(text);
  }

  close(name: string): void {
    if (!VOID.has(local(name))) this.html += `</${local(name)}>`;
  }
}

const VOID = new Set(['area', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr']);

/** `<xhtml:p>` is `<p>`. */
function local(name: string): string {
  return name.slice(name.indexOf(':') + 1).toLowerCase();
}
