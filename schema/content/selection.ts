/** The fields that a caller needs of a row, so that only their columns are read. Names are those of the graph's fields. */
export interface Selection {
  has(name: string): boolean;
  /** The fields that the caller needs below a field. */
  at(...path: string[]): Selection;
  /** The fields that the caller needs of a connection's rows. */
  readonly node: Selection;
  /**
   * The page that the caller needs of the list in a field, so that it can be read with the row; null for none, for a page that
   * does not begin with the first row, for several pages, and for one that may not be needed after all.
   */
  firstPage(name: string): FirstPage | null;
}

/** The first page of a list, by the arguments that ask for it; null for an argument that is not given. */
export interface FirstPage {
  size: number | null;
  order: string | null;
}

/** For callers who need to know only that a row exists. */
export const NO_FIELDS: Selection = {
  has: () => false,
  at: () => NO_FIELDS,
  get node() {
    return NO_FIELDS;
  },
  firstPage: () => null,
};

/** For rows whose fields are not known when they are read. */
export const ALL_FIELDS: Selection = {
  has: () => true,
  at: () => ALL_FIELDS,
  get node() {
    return ALL_FIELDS;
  },
  firstPage: () => null,
};
