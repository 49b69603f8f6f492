/** Why a picture is not taken. */
export type PictureFault = 'TOO_LARGE' | 'WRONG_TYPE' | 'TOO_MANY_PIXELS' | 'UNREADABLE' | 'TOO_COMPLEX';

/** A picture is not taken. Nothing was stored. */
export class PictureError extends Error {
  override name = 'PictureError';
  readonly fault: PictureFault;

  constructor(fault: PictureFault, message: string) {
    super(message);
    this.fault = fault;
  }
}
