/** All that is measured at one time, by name of the series. A figure that could not be had is missing. */
export interface Reading {
  /** Minutes since the start. */
  at: number;
  values: ReadonlyMap<string, number>;
  /** Of the database; none when it was away. */
  tables: readonly TableSize[];
}

export interface TableSize {
  name: string;
  rows: number;
  dead: number;
  bytes: number;
  indexBytes: number;
}
