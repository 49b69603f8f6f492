/** The columns that readers of every log use. */
export interface LogEntry {
  sequence: number;
  /** Its time, and that of the entry before it, in logs whose entries have them. */
  at?: Date;
  previousAt?: Date | null;
}
