import { itemsOf, propertyOf, textOf } from '../json-values.ts';
import { cardHtml, escapeHtml } from './cards.ts';

/** Levels of a document; deeper content is left out. */
const MAX_DEPTH = 64;

/** Bits of a text's format with the elements that show them, the innermost first. */
const FORMATS: readonly [bit: number, element: string][] = [
  [16, 'code'],
  [1, 'strong'],
  [2, 'em'],
  [4, 's'],
  [8, 'u'],
  [32, 'sub'],
  [64, 'sup'],
  [128, 'mark'],
];

/** A document of the editor Lexical as HTML. */
export function lexicalHtml(document: unknown, onUnknown: (card: string) => void): string {
  return childrenHtml(propertyOf(document, 'root'), { onUnknown, depth: 0 });
}

interface Place {
  onUnknown: (card: string) => void;
  depth: number;
}

function childrenHtml(node: unknown, { onUnknown, depth }: Place): string {
  if (depth > MAX_DEPTH) return '';
  return itemsOf(propertyOf(node, 'children'))
    .map((child) => nodeHtml(child, { onUnknown, depth: depth + 1 }))
    .join('');
}

function nodeHtml(node: unknown, place: Place): string {
  const type = textOf(node, 'type');
  const inner = () => childrenHtml(node, place);
  switch (type) {
    case 'text':
    case 'extended-text':
      return formatted(node);
    case 'linebreak':
      return '<br>';
    case 'tab':
      return ' ';
    case 'paragraph':
      return `<p>${inner()}</p>`;
    case 'heading':
    case 'extended-heading': {
      const tag = /^h[1-6]$/.exec(textOf(node, 'tag'))?.[0] ?? 'h2';
      return `<${tag}>${inner()}</${tag}>`;
    }
    case 'quote':
    case 'extended-quote':
    case 'aside':
      return `<blockquote><p>${inner()}</p></blockquote>`;
    case 'list': {
      const tag = textOf(node, 'listType') === 'number' || textOf(node, 'tag') === 'ol' ? 'ol' : 'ul';
      return `<${tag}>${inner()}</${tag}>`;
    }
    case 'listitem':
      return `<li>${inner()}</li>`;
    case 'link':
    case 'autolink':
      return `<a href="${escapeHtml(textOf(node, 'url'))}">${inner()}</a>`;
    default:
      return unknownHtml(node, place);
  }
}

/** A card, or a node of a type that is not known, of which the content is kept. */
function unknownHtml(node: unknown, place: Place): string {
  const type = textOf(node, 'type');
  const card = cardHtml(type, node);
  if (card !== null) return card;
  const content = childrenHtml(node, place);
  if (content === '') place.onUnknown(type || '(without a type)');
  return content;
}

function formatted(node: unknown): string {
  const format = Number(textOf(node, 'format')) || 0;
  let html = escapeHtml(textOf(node, 'text'));
  for (const [bit, element] of FORMATS) if ((format & bit) !== 0) html = `<${element}>${html}</${element}>`;
  return html;
}
