import type { BodySources } from './body-sources.ts';
import { embedHtml, escapeHtml, mediaHtml } from './embeds.ts';
import { type FileChoice, type Galleries, idsOf } from './galleries.ts';

/** Levels of reusable blocks in each other. */
const MAX_DEPTH = 8;

/** Characters of a body with its reusable blocks. Blocks in each other could make any number of them. */
const MAX_LENGTH = 4 * 1024 * 1024;

const REUSABLE = /<!--\s+wp:(?:core\/)?block\s+(\{[^<>]{0,2000}?\})\s+\/-->/g;

/** Blocks that show files, by the kind of file. */
const FILE_BLOCKS: [RegExp, FileChoice['kind']][] = [
  [/gallery$|^jetpack\/slideshow$|^(?:core\/)?image$/, 'picture'],
  [/^(?:core\/)?audio$/, 'audio'],
  [/^(?:core\/)?video$/, 'video'],
];

/** A body with its reusable blocks in place of the references to them. References that are not resolved stay. */
export function withReusableBlocks(stored: string, { blocks }: Pick<BodySources, 'blocks'>): string {
  let length = stored.length;
  const expand = (text: string, around: readonly string[]): string =>
    text.replace(REUSABLE, (reference, json: string) => {
      const id = reusableId(json);
      const block = id === null || around.includes(id) ? undefined : blocks.get(id);
      if (id === null || block === undefined || around.length >= MAX_DEPTH) return reference;
      length += block.length;
      return length > MAX_LENGTH ? reference : expand(block, [...around, id]);
    });
  return blocks.size === 0 ? stored : expand(stored, []);
}

/** Ids of the reusable blocks that a body refers to. */
export function reusableIds(stored: string): string[] {
  return Array.from(stored.matchAll(REUSABLE), ([, json]) => reusableId(json!)).filter((id) => id !== null);
}

function reusableId(json: string): string | null {
  return idsOf(String(blockAttributes(json).ref ?? ''))[0] ?? null;
}

/** HTML for a block that WordPress has stored without any; null if it is not one of those that the file can tell. */
export function blockHtml(name: string, json: string, galleries: Galleries): string | null {
  const attributes = blockAttributes(json);
  const kind = FILE_BLOCKS.find(([pattern]) => pattern.test(name))?.[1];
  const ids = idsOf([attributes.ids ?? attributes.id ?? []].flat().join(','));
  if (kind && ids.length > 0) {
    return galleries.html({ ids, kind, linked: ['media', 'file'].includes(String(attributes.linkTo)) }, name);
  }
  const address = String(attributes.url ?? attributes.src ?? '');
  if (/^(?:core\/)?social-link$/.test(name)) return socialLink(address, attributes);
  if (!/^https?:\/\/./i.test(address)) return null;
  if (/embed/.test(name)) return embedHtml(address);
  if (kind === 'audio' || kind === 'video') return mediaHtml(kind, address);
  return null;
}

/** An item of a list of profiles. WordPress shows none without an address. */
function socialLink(address: string, { label, service }: Record<string, unknown>): string | null {
  if (address === '' || address === '#') return '';
  if (!/^(?:https?:\/\/|mailto:)[^\s<>"]+$/i.test(address)) return null;
  const shown = [label, service].find((text) => typeof text === 'string' && text !== '') ?? address;
  return `<li><a href="${escapeHtml(address)}">${escapeHtml(String(shown))}</a></li>`;
}

function blockAttributes(json: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(json);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
