/** Why a file cannot be imported, in words for the person who has it. The database is as it was. */
export class ImportError extends Error {
  /** 1 for the first line of the file; null where no line is to blame. */
  readonly line: number | null;

  constructor(message: string, line: number | null = null, options?: ErrorOptions) {
    super(line === null ? message : `Line ${line}: ${message}`, options);
    this.name = 'ImportError';
    this.line = line;
  }
}
