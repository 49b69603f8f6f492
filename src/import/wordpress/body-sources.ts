/** An attachment of the file: a picture, or another file. */
export interface AttachedFile {
  id: string;
  url: string;
  title: string;
  alt: string;
  caption: string | null;
  width: number | null;
  height: number | null;
}

/** What a body shows of other items of its file, and of its own custom fields. */
export interface BodySources {
  /** Attachments by their id. */
  files: ReadonlyMap<string, AttachedFile>;
  /** Attachments by the id of the item that they were uploaded for, in the order of a gallery. */
  attached: ReadonlyMap<string, readonly AttachedFile[]>;
  /** Bodies of reusable blocks by their id. */
  blocks: ReadonlyMap<string, string>;
  /** The id of the item, whose attachments a gallery shows that names none. */
  itemId: string;
  /** The custom field `footnotes`, in JSON. */
  footnotes?: string;
}

export const NO_SOURCES: BodySources = { files: new Map(), attached: new Map(), blocks: new Map(), itemId: '' };

/** Files that one body may show, however often it names them. */
export const MAX_SHOWN_FILES = 2_000;
