import type { BodyNote } from './body-note.ts';
import { type AttachedFile, type BodySources, MAX_SHOWN_FILES } from './body-sources.ts';
import { escapeHtml, mediaHtml } from './embeds.ts';

const AUDIO = /\.(?:mp3|m4a|ogg|oga|opus|wav|flac|aac|wma)$/i;
const VIDEO = /\.(?:mp4|m4v|webm|ogv|mov|mpe?g|avi|wmv)$/i;
const PICTURE = /\.(?:jpe?g|png|gif|webp|avif|bmp|ico|heic|svg|tiff?)$/i;

const ORDERS: Record<string, (a: AttachedFile, b: AttachedFile) => number> = {
  title: (a, b) => (a.title < b.title ? -1 : Number(a.title > b.title)),
  id: (a, b) => Number(a.id) - Number(b.id),
};

/** Which files a gallery or playlist shows. */
export interface FileChoice {
  /** Their ids; null for those that were uploaded for an item. */
  ids: readonly string[] | null;
  /** The item; without one, that of the body. */
  itemId?: string | undefined;
  excluded?: readonly string[];
  orderBy?: string | undefined;
  descending?: boolean;
  /** Each picture is a link to its file. */
  linked?: boolean;
  kind: 'picture' | 'audio' | 'video';
}

/** Shows attachments of the file in one body. */
export class Galleries {
  readonly #sources: BodySources;
  readonly #notes: BodyNote[];
  #shown = 0;

  constructor(sources: BodySources, notes: BodyNote[]) {
    this.#sources = sources;
    this.#notes = notes;
  }

  /** The files as figures. Files that the export lacks are reported under the name of what shows them. */
  html(choice: FileChoice, name: string): string {
    const found = this.#filesOf(choice, name);
    const files = found.slice(0, Math.max(0, MAX_SHOWN_FILES - this.#shown));
    this.#shown += files.length;
    if (files.length < found.length)
      this.#notes.push({ reason: `more than ${MAX_SHOWN_FILES} files in galleries were left out`, detail: name });
    return files.map((file) => fileHtml(file, choice)).join('\n');
  }

  #filesOf({ ids, itemId, excluded = [], orderBy, descending, kind }: FileChoice, name: string): AttachedFile[] {
    const { attached, itemId: own } = this.#sources;
    const chosen = ids ? this.#named(ids, name) : (attached.get(itemId ?? own) ?? []);
    if (chosen.length === 0) {
      this.#notes.push({
        reason: 'galleries and playlists whose files are not in the export were left out',
        detail: name,
      });
      return [];
    }
    const left = new Set(excluded);
    const listed = chosen.filter((file) => !left.has(file.id) && (ids !== null || isOfKind(file, kind)));
    const order = ORDERS[orderBy?.toLowerCase() ?? ''];
    const sorted = order ? [...listed].sort(order) : listed;
    return descending && (order || ids === null) ? [...sorted].reverse() : sorted;
  }

  #named(ids: readonly string[], name: string): AttachedFile[] {
    const found = ids.map((id) => this.#sources.files.get(id)).filter((file) => file !== undefined);
    if (found.length > 0)
      for (const id of ids.filter((one) => !this.#sources.files.has(one)))
        this.#notes.push({
          reason: 'files of galleries that are not in the export were left out',
          detail: `${name} ${id}`,
        });
    return found;
  }
}

function isOfKind({ url }: AttachedFile, kind: FileChoice['kind']): boolean {
  const path = url.replace(/[?#].*$/s, '');
  if (kind === 'audio') return AUDIO.test(path);
  return kind === 'video' ? VIDEO.test(path) : PICTURE.test(path);
}

function fileHtml(file: AttachedFile, { linked, kind }: FileChoice): string {
  const { url, alt, title, caption, width, height } = file;
  if (kind !== 'picture') return figure(mediaHtml(kind, url), caption ?? title);
  const size = width && height ? ` width="${width}" height="${height}"` : '';
  const picture = `<img src="${escapeHtml(url)}" alt="${escapeHtml(alt)}"${size}>`;
  return figure(linked ? `<a href="${escapeHtml(url)}">${picture}</a>` : picture, caption ?? '');
}

function figure(content: string, caption: string): string {
  return `<figure>${content}${caption && `<figcaption>${escapeHtml(caption)}</figcaption>`}</figure>`;
}

/** Numbers in a list, such as `1, 2,3`. */
export function idsOf(list: string): string[] {
  return list
    .split(/[\s,;]+/)
    .filter((id) => /^\d{1,19}$/.test(id))
    .slice(0, MAX_SHOWN_FILES)
    .map((id) => id.replace(/^0+(?=\d)/, ''));
}

/** The choice of a `[gallery]` or `[playlist]`. */
export function shortcodeChoice(name: string, attributes: ReadonlyMap<string, string>): FileChoice {
  // Without ids in its list, WordPress shows what was uploaded for the item.
  const listed = attributes.get('ids') || attributes.get('include') || undefined;
  const playlist = attributes.get('type') === 'video' ? 'video' : 'audio';
  return {
    ids: listed === undefined ? null : idsOf(listed),
    itemId: idsOf(attributes.get('id') ?? '')[0],
    excluded: idsOf(attributes.get('exclude') ?? ''),
    orderBy: attributes.get('orderby'),
    descending: attributes.get('order')?.toUpperCase() === 'DESC',
    linked: attributes.get('link') === 'file',
    kind: name === 'playlist' ? playlist : 'picture',
  };
}
