import { OperatorError } from '../operator-error.ts';

/** Why a file cannot be imported; the message is for the operator. The import has changed nothing in the database. */
export class ImportError extends OperatorError {
  /** Line of the file, from 1; null when the error does not belong to a line. */
  readonly line: number | null;
  /** The file that the message names; null without one. */
  readonly file: string | null = null;

  constructor(message: string, line: number | null = null, options?: ErrorOptions) {
    super(line === null ? message : `Line ${line}: ${message}`, options);
    this.name = 'ImportError';
    this.line = line;
  }

  /** The same error, with the file in its message. */
  inFile(path: string): ImportError {
    const error = new ImportError(`${path}: ${this.message}`, null, { cause: this });
    return Object.assign(error, { line: this.line, file: path });
  }
}
