import type { PictureExtension } from '../../schema/content/picture/picture-name.ts';
import type { PictureFault } from './picture-error.ts';

/** A message to the process that decodes pictures: makes the stored form of a picture, or a narrower one. */
export interface PictureTask {
  bytes: Buffer;
  /** Pixels in width of the narrower form; null for the stored one. */
  width: number | null;
}

export interface ConvertedPicture {
  bytes: Buffer;
  width: number;
  height: number;
  extension: PictureExtension;
}

/** A message from that process: first that it is ready, then the answer to each task. */
export type PictureAnswer =
  | { ready: true }
  | { converted: ConvertedPicture }
  | { fault: PictureFault; message: string };

/** The process ends with this code when a picture has taken too much memory. */
export const OUT_OF_MEMORY = 99;
