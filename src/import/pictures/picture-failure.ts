/** A picture is not copied. The message completes "pictures were not copied: ". */
export class PictureFailure extends Error {
  override name = 'PictureFailure';
  /** The site does not answer, rather than that it has no such picture. */
  readonly isOutage: boolean;

  constructor(message: string, { isOutage = false, cause }: { isOutage?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.isOutage = isOutage;
  }
}
