import { itemsOf, propertyOf, textOf } from '../json-values.ts';
import { cardHtml, escapeHtml } from './cards.ts';

const TEXT_ELEMENTS = /^(p|h[1-6]|blockquote|aside|pull-quote)$/;
const MARKUP_ELEMENTS = /^(a|b|strong|i|em|s|u|code|sub|sup|mark|del)$/;

/** A Mobiledoc document (0.3) as HTML. */
export function mobiledocHtml(document: unknown, onUnknown: (card: string) => void): string {
  return itemsOf(propertyOf(document, 'sections'))
    .map((section) => sectionHtml({ document, section: itemsOf(section), onUnknown }))
    .join('');
}

interface Section {
  document: unknown;
  section: unknown[];
  onUnknown: (card: string) => void;
}

/** Kinds of sections: 1 is a text, 2 a picture, 3 a list, 10 a card. */
function sectionHtml({ document, section, onUnknown }: Section): string {
  const [kind, second, third] = section;
  if (kind === 1) {
    const element = TEXT_ELEMENTS.exec(String(second))?.[0] ?? 'p';
    const html = markersHtml(document, itemsOf(third));
    if (element === 'aside' || element === 'pull-quote') return `<blockquote><p>${html}</p></blockquote>`;
    return `<${element}>${html}</${element}>`;
  }
  if (kind === 2) return `<img src="${escapeHtml(String(second))}" alt="">`;
  if (kind === 3) {
    const element = second === 'ol' ? 'ol' : 'ul';
    const items = itemsOf(third).map((markers) => `<li>${markersHtml(document, itemsOf(markers))}</li>`);
    return `<${element}>${items.join('')}</${element}>`;
  }
  const [name, card] = itemsOf(itemsOf(propertyOf(document, 'cards'))[Number(second)]);
  const html = kind === 10 ? cardHtml(String(name), card) : null;
  if (html === null) onUnknown(String(name ?? `in a section of the kind ${String(kind)}`));
  return html ?? '';
}

/** A marker opens markups, has a text or an atom, and then closes some of the open markups. */
function markersHtml(document: unknown, markers: unknown[]): string {
  const markups = itemsOf(propertyOf(document, 'markups'));
  const open: string[] = [];
  let html = '';
  for (const marker of markers) {
    const [kind, opened, closed, value] = itemsOf(marker);
    for (const index of itemsOf(opened)) {
      const [name, attributes] = itemsOf(markups[Number(index)]);
      const element = MARKUP_ELEMENTS.exec(String(name))?.[0] ?? 'span';
      open.push(element);
      html += `<${element}${hrefOf(itemsOf(attributes))}>`;
    }
    html += kind === 1 ? atomHtml(document, value) : escapeHtml(String(value ?? ''));
    for (let count = Number(closed) || 0; count > 0 && open.length > 0; count -= 1) html += `</${open.pop()}>`;
  }
  return (
    html +
    open
      .reverse()
      .map((element) => `</${element}>`)
      .join('')
  );
}

function hrefOf(attributes: unknown[]): string {
  const at = attributes.indexOf('href');
  return at >= 0 && typeof attributes[at + 1] === 'string' ? ` href="${escapeHtml(attributes[at + 1] as string)}"` : '';
}

function atomHtml(document: unknown, index: unknown): string {
  const atom = itemsOf(itemsOf(propertyOf(document, 'atoms'))[Number(index)]);
  return atom[0] === 'soft-return' ? '<br>' : escapeHtml(textOf({ text: atom[1] }, 'text'));
}
