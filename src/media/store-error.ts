/** The store of pictures does not do what it is asked. */
export class StoreError extends Error {
  override name = 'StoreError';
  /** The code of the system or of the store, such as ENOSPC or AccessDenied. */
  readonly code: string;

  constructor(message: string, { code, cause }: { code: string; cause?: unknown }) {
    super(message, { cause });
    this.code = code;
  }
}

/** @returns what a failed operation of a file throws */
export function folderError(cause: unknown): Error {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === undefined || !/^E[A-Z]+$/.test(code)) return cause as Error;
  return new StoreError(`The folder of pictures cannot be used: ${message}`, { code, cause });
}
