import type { SourceText } from '../content-records.ts';
import { mapOutsideFences } from '../markdown/fences.ts';
import { TagEnds, tagAttributes, tagName } from '../wordpress/html-tags.ts';

/** A picture that a text shows or links to, or another file that it plays or links to. */
export interface PictureReference {
  /** As browsers read it: without references to characters and without escapes. */
  address: string;
  /** The kind of file at the address: a picture that is shown, the target of a link that may be one, or another file. */
  kind: 'shown' | 'linked' | 'file';
}

/** What replaces an address. */
interface PictureReplacement {
  address: string;
  /** Pixels in which the text shows the picture, where its address says so. */
  shown: { width: number; height: number } | null;
}

type Replace = (reference: PictureReference) => PictureReplacement | null;

/** Where pages that load pictures late have the address. */
const LATE_SOURCES = ['data-src', 'data-lazy-src', 'data-original', 'data-orig-file'];

/** Attributes that belong to the replaced address. */
const OF_ADDRESS = [
  'srcset',
  'sizes',
  'data-srcset',
  'data-lazy-srcset',
  'data-sizes',
  'data-lazy-sizes',
  ...LATE_SOURCES,
];

const PICTURE_PATH = /\.(?:jpe?g|png|gif|webp|avif)(?:[?#].*)?$/i;
const FILE_PATH =
  /\.(?:mp3|m4[abv]|aac|oga|ogg|ogv|opus|wav|flac|mp4|webm|mov|avi|pdf|zip|gz|tar|7z|docx?|xlsx?|pptx?|od[tps]|epub|svg)(?:[?#].*)?$/i;

/** Attributes with addresses. */
const PLACES = { img: ['src'], a: ['href'], video: ['poster', 'src'], audio: ['src'], source: ['src'] } as const;
type Tag = keyof typeof PLACES;

/** Null for a link to a page. */
function kindOfLink(address: string): 'linked' | 'file' | null {
  if (PICTURE_PATH.test(address)) return 'linked';
  return FILE_PATH.test(address) ? 'file' : null;
}

/** The pictures of a text, in their order. */
export function picturesIn(text: SourceText): PictureReference[] {
  const found: PictureReference[] = [];
  replacePictures(text, (reference) => {
    found.push(reference);
    return null;
  });
  return found;
}

/** The source with other addresses of its pictures. @param replace gives null for an address that stays */
export function replacePictures({ source, format }: SourceText, replace: Replace): string {
  if (format === 'HTML') return replaceInHtml(source, replace);
  return mapOutsideFences(source, (part) => mapOutsideCode(part, (text) => replaceInMarkdown(text, replace)));
}

function replaceInHtml(source: string, replace: Replace): string {
  const out: string[] = [];
  const ends = new TagEnds(source);
  let from = 0;
  for (let start = source.indexOf('<'); start !== -1; start = source.indexOf('<', Math.max(from, start + 1))) {
    const name = tagName(source, start);
    if (!Object.hasOwn(PLACES, name)) continue;
    const end = ends.after(start);
    if (end === -1) continue;
    out.push(source.slice(from, start), replaceInTag(source.slice(start, end), name as Tag, replace));
    from = end;
  }
  out.push(source.slice(from));
  return out.join('');
}

function replaceInTag(tag: string, name: Tag, replace: Replace): string {
  const attributes = tagAttributes(tag);
  let isReplaced = false;
  for (const place of PLACES[name]) {
    const written = name === 'img' ? sourceOf(attributes) : attributes.get(place);
    if (!written) continue;
    const address = decoded(written);
    const kind = name === 'a' ? kindOfLink(address) : name === 'img' || place === 'poster' ? 'shown' : 'file';
    const replacement = kind && replace({ address, kind });
    if (!replacement) continue;
    isReplaced = true;
    attributes.set(place, replacement.address);
    if (name === 'img') setSize(attributes, replacement);
  }
  if (!isReplaced) return tag;
  const list = Array.from(attributes, ([key, value]) => ` ${key}="${value.replaceAll('"', '&quot;')}"`);
  return `<${name}${list.join('')}${/\/\s*>$/.test(tag) ? ' />' : '>'}`;
}

function setSize(attributes: Map<string, string>, { shown }: PictureReplacement): void {
  for (const other of OF_ADDRESS) attributes.delete(other);
  if (shown && !attributes.has('width') && !attributes.has('height'))
    attributes.set('width', String(shown.width)).set('height', String(shown.height));
}

function sourceOf(attributes: ReadonlyMap<string, string>): string | undefined {
  const late = LATE_SOURCES.map((name) => attributes.get(name)).find((value) => value);
  const source = attributes.get('src');
  return late && (!source || source.startsWith('data:') || /\b(?:placeholder|blank|spacer|lazy)\b/i.test(source))
    ? late
    : source;
}

/** A destination in Markdown: `<in angle brackets>`, or without blanks and with balanced brackets. */
const DESTINATION = String.raw`(?:<([^<>\n]{1,2000})>|((?:\\.|[^\s<>()\\]|\((?:\\.|[^\s<>()\\])*\)){1,2000}))`;
const IMAGE = new RegExp(
  String.raw`(!\[(?:\\.|[^\[\]\\]|\[[^\[\]]{0,500}\]){0,1000}\]\([ \t]*\n?[ \t]*)${DESTINATION}`,
  'g',
);
const LINK = new RegExp(String.raw`(\]\([ \t]*\n?[ \t]*)${DESTINATION}`, 'g');
const DEFINITION = new RegExp(String.raw`(^ {0,3}\[(?:\\.|[^\[\]\\\n]){1,500}\]:[ \t]*)${DESTINATION}`, 'gm');

function replaceInMarkdown(source: string, replace: Replace): string {
  const written = (isLink: boolean) => (match: string, before: string, angled?: string, bare?: string) => {
    const address = decoded((angled ?? bare ?? '').replace(/\\([!-/:-@[-`{-~])/g, '$1'));
    // What another pattern has replaced is found again; replacing it again changes nothing.
    const kind = isLink ? kindOfLink(address) : 'shown';
    const replacement = kind && replace({ address, kind });
    return replacement ? `${before}${destination(replacement.address)}` : match;
  };
  return replaceInHtml(source, replace)
    .replace(IMAGE, written(false))
    .replace(LINK, (...match: Parameters<ReturnType<typeof written>>) => written(true)(...match))
    .replace(DEFINITION, written(true));
}

/** Round brackets that are not balanced would end the address. */
function destination(address: string): string {
  return /[()]/.test(address) ? `<${address}>` : address;
}

/** Maps the parts outside of code in a line: between as many backticks as begin it. */
function mapOutsideCode(source: string, map: (text: string) => string): string {
  const out: string[] = [];
  let from = 0;
  const marks = /`+/g;
  for (let mark = marks.exec(source); mark; mark = marks.exec(source)) {
    const end = closingMark(source, marks.lastIndex, mark[0]);
    if (end === -1) continue;
    out.push(map(source.slice(from, mark.index)), source.slice(mark.index, end));
    from = end;
    marks.lastIndex = end;
  }
  out.push(map(source.slice(from)));
  return out.join('');
}

/** Characters of code in a line. */
const MAX_CODE = 5_000;

function closingMark(source: string, from: number, mark: string): number {
  const rest = source.slice(from, from + MAX_CODE);
  for (const { 0: found, index } of rest.matchAll(/`+/g)) if (found === mark) return from + index + found.length;
  return -1;
}

const REFERENCES: Record<string, string> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>' };

function decoded(text: string): string {
  return text
    .replace(/&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|(amp|quot|apos|lt|gt));/gi, (match, decimal, hexadecimal, name) => {
      if (name) return REFERENCES[name.toLowerCase()] ?? match;
      const code = decimal ? Number(decimal) : Number.parseInt(hexadecimal, 16);
      return code > 31 && code < 0xd800 ? String.fromCharCode(code) : match;
    })
    .trim();
}
