import { tagAttributes } from './html-tags.ts';

const CONTAINERS = new Set(['div', 'dl', 'p', 'dt', 'dd', 'span']);

interface OpenElement {
  name: string;
  /** What its closing tag becomes; null for the tag itself. */
  closing: string | null;
  isFigure: boolean;
}

/**
 * Pictures with captions as WordPress has rendered them, which editors and other programs store: `div` or `dl` with the class
 * `wp-caption`, and in it an element with the class `wp-caption-text`. They become figures.
 */
export class CaptionTags {
  readonly #open: OpenElement[] = [];
  /** How many of each name are open: a closing tag without an opening one is found without a search. */
  readonly #counts = new Map<string, number>();
  #figures = 0;

  /** The tag that replaces another; null if that one stays. */
  replace(name: string, tag: string): string | null {
    const bare = name.replace(/^\//, '');
    if (!CONTAINERS.has(bare) || tag.endsWith('/>')) return null;
    return name === bare ? this.#opened(name, tag) : this.#closed(bare);
  }

  #opened(name: string, tag: string): string | null {
    const classes = tag.includes('wp-caption') ? (tagAttributes(tag).get('class') ?? '').split(/\s+/) : [];
    const isFigure = /^(?:div|dl)$/.test(name) && classes.includes('wp-caption') && this.#figures === 0;
    if (!isFigure && this.#figures === 0) return null;
    if (isFigure) {
      this.#figures += 1;
      const align = classes.find((one) => /^align(?:left|right|center)$/.test(one));
      this.#push({ name, closing: '</figure>', isFigure });
      return `<figure${align ? ` class="${align}"` : ''}>`;
    }
    const isCaption = name !== 'span' && (classes.includes('wp-caption-text') || classes.includes('wp-caption-dd'));
    const isBare = isCaption || name === 'dt';
    this.#push({ name, closing: isCaption ? '</figcaption>' : isBare ? '' : null, isFigure: false });
    return isCaption ? '<figcaption>' : isBare ? '' : null;
  }

  #push(element: OpenElement): void {
    this.#open.push(element);
    this.#counts.set(element.name, (this.#counts.get(element.name) ?? 0) + 1);
  }

  #closed(name: string): string | null {
    if (!this.#counts.get(name)) return null;
    const place = this.#open.findLastIndex((one) => one.name === name);
    // What was left open inside ends here, too.
    const left = this.#open.splice(place);
    for (const one of left) this.#counts.set(one.name, this.#counts.get(one.name)! - 1);
    if (left[0]!.isFigure) this.#figures = 0;
    const inner = left.slice(1).reverse();
    return (
      inner.map(({ closing }) => (closing === '</figcaption>' ? closing : '')).join('') +
      (left[0]!.closing ?? `</${name}>`)
    );
  }
}
