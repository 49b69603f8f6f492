/** The fields that a caller needs of a row, so that only their columns are read. Names are those of the graph's fields. */
export interface Selection {
  has(name: string): boolean;
  /** The fields that the caller needs below a field. */
  at(...path: string[]): Selection;
  /** The fields that the caller needs of a connection's rows. */
  readonly node: Selection;
}

/** For callers who need to know only that a row exists. */
export const NO_FIELDS: Selection = {
  has: () => false,
  at: () => NO_FIELDS,
  get node() {
    return NO_FIELDS;
  },
};

/** For rows whose fields are not known when they are read. */
export const ALL_FIELDS: Selection = {
  has: () => true,
  at: () => ALL_FIELDS,
  get node() {
    return ALL_FIELDS;
  },
};
