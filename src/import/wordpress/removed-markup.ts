import type { BodyNote } from './body-note.ts';
import { tagAttributes } from './html-tags.ts';

/** An opening tag. Neither source nor result has angle brackets in values. */
const TAG = /<([a-z][a-z0-9-]*)((?:\s|\/)[^<>]*)?>/gi;

/** Attributes whose loss is reported, as readers miss them. */
const MISSED = new Set(['href', 'src', 'srcset', 'style', 'poster', 'cite', 'data-src', 'action']);

interface Markup {
  elements: Map<string, number>;
  /** Attributes that readers miss, and all others, with class names. */
  missed: Map<string, number>;
  other: Map<string, number>;
}

/** Elements that are removed with what is in them. */
const WHOLE = new Set([
  ...['script', 'style', 'textarea', 'select', 'option', 'xmp', 'svg', 'math', 'title', 'template', 'object', 'applet'],
  ...['noembed', 'noframes'],
]);

/** What the rules for safe HTML have removed from a body, for the report: one note for each element, attribute and class name. */
export function removedMarkup(source: string, safe: string): BodyNote[] {
  const [before, after] = [markupOf(source), markupOf(safe)];
  const elements = lost(before.elements, after.elements);
  const notes = (reason: string, names: readonly string[]) => names.map((detail) => ({ reason, detail }));
  const isWhole = (name: string) => WHOLE.has(name);
  const tags = (names: readonly string[]) => names.map((name) => `<${name}>`);
  // Those of removed elements are removed with them.
  const isKept = (name: string) => after.elements.has(/<([^>]*)>$/.exec(name)?.[1] ?? '');
  return [
    ...notes(
      'HTML elements that are not allowed were removed; their text was kept',
      tags(elements.filter((name) => !isWhole(name))),
    ),
    ...notes('HTML elements that are not allowed were removed with their content', tags(elements.filter(isWhole))),
    ...notes(
      'attributes that are not allowed, or whose address is not, were removed',
      lost(before.missed, after.missed),
    ),
    ...notes(
      'class names, sizes and other attributes that readers do not miss were removed',
      lost(before.other, after.other).filter(isKept),
    ),
  ];
}

function markupOf(html: string): Markup {
  const markup: Markup = { elements: new Map(), missed: new Map(), other: new Map() };
  const count = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const [tag, name, rest] of html.matchAll(TAG)) {
    const element = name!.toLowerCase();
    count(markup.elements, element);
    if (!rest) continue;
    for (const [attribute, value] of tagAttributes(tag)) {
      if (attribute === 'class')
        for (const one of new Set(value.split(/\s+/))) count(markup.other, `${one} of <${element}>`);
      else if (MISSED.has(attribute) || attribute.startsWith('on'))
        count(markup.missed, `${attribute} of <${element}>`);
      // Names of anchors become ids.
      else if (attribute !== 'name') count(markup.other, `${attribute} of <${element}>`);
    }
  }
  return markup;
}

/** The names that are counted less often, as often as they are missing. */
function lost(before: Map<string, number>, after: Map<string, number>): string[] {
  return [...before].flatMap(([name, count]) =>
    Array.from({ length: Math.max(0, count - (after.get(name) ?? 0)) }, () => name),
  );
}
