/** Child elements' text by canonical name, such as `wp:post_id`, whatever prefix the file uses. */
export type Fields = Map<string, string>;

export interface WxrElement {
  fields: Fields;
  /** Line of the opening tag. */
  line: number;
  /** Name of a field longer than 4 Mi characters, whose text is not kept. */
  oversized: string | null;
}

/** An author that the channel lists. */
export interface WxrAuthor extends WxrElement {
  kind: 'wp:author';
}

/** A category, a tag or a term of another taxonomy that the channel lists. */
export interface WxrTerm extends WxrElement {
  kind: 'wp:category' | 'wp:tag' | 'wp:term';
}

/** A category or tag of one item. */
export interface WxrCategory {
  domain: string;
  nicename: string;
  name: string;
}

/** A post, page, attachment or item of another post type. */
export interface WxrItem extends WxrElement {
  kind: 'item';
  /** 1 for the first item of the file. */
  number: number;
  categories: WxrCategory[];
  /** Values of the custom fields that the import uses. */
  meta: Map<string, string[]>;
  /** Number of other custom fields. */
  otherMeta: number;
  /** Number of characters that were removed because XML does not allow them. */
  control: number;
  /** Number of characters that could not be decoded. */
  undecodable: number;
}

/** Emitted at its end, so before the item that contains it. */
export interface WxrComment extends WxrElement {
  kind: 'wp:comment';
  /** Number of its item. */
  item: number;
}

export type WxrRecord = WxrAuthor | WxrTerm | WxrItem | WxrComment;
