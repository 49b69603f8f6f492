import { tagAttributes } from './html-tags.ts';
import type { BodyNote } from './shortcodes.ts';

/** An opening tag. Neither source nor result has angle brackets in values. */
const TAG = /<([a-z][a-z0-9-]*)((?:\s|\/)[^<>]*)?>/gi;

/** Attributes whose loss is reported, as readers miss them. */
const MISSED = new Set(['href', 'src', 'srcset', 'style', 'poster', 'cite', 'data-src', 'action']);

interface Markup {
  elements: Map<string, number>;
  attributes: Map<string, number>;
}

/** What the rules for safe HTML have removed from a body, for the report: one note for each element and attribute. */
export function removedMarkup(source: string, safe: string): BodyNote[] {
  const [before, after] = [markupOf(source), markupOf(safe)];
  return [
    ...lost(before.elements, after.elements).map((name) => ({
      reason: 'HTML elements that are not allowed were removed; their text was kept',
      detail: `<${name}>`,
    })),
    ...lost(before.attributes, after.attributes).map((name) => ({
      reason: 'attributes that are not allowed, or whose address is not, were removed',
      detail: name,
    })),
  ];
}

function markupOf(html: string): Markup {
  const elements = new Map<string, number>();
  const attributes = new Map<string, number>();
  const count = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const [tag, name, rest] of html.matchAll(TAG)) {
    const element = name!.toLowerCase();
    count(elements, element);
    if (!rest) continue;
    for (const attribute of tagAttributes(tag).keys())
      if (MISSED.has(attribute) || attribute.startsWith('on')) count(attributes, `${attribute} of <${element}>`);
  }
  return { elements, attributes };
}

/** The names that are counted less often, as often as they are missing. */
function lost(before: Map<string, number>, after: Map<string, number>): string[] {
  return [...before].flatMap(([name, count]) =>
    Array.from({ length: Math.max(0, count - (after.get(name) ?? 0)) }, () => name),
  );
}
