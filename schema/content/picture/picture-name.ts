// Names of stored pictures. A name begins with a digest of the file and has its size and type, so all that pages need of a
// picture follows from its address: nothing is read for it.

/** The path below which the gateway serves stored pictures. */
export const PICTURES_PATH = '/media/';

/** Pixels of a side, the most that WebP can have. */
export const MAX_PICTURE_SIDE = 16_383;

/** Types of stored pictures, by the ending of the name. */
const TYPES = { jpg: 'image/jpeg', png: 'image/png', webp: 'image/webp', gif: 'image/gif' } as const;

export type PictureExtension = keyof typeof TYPES;

/** Characters of the digest: 128 bits of SHA-256. */
const DIGEST = 32;

export const PICTURE_NAME = `[0-9a-f]{${DIGEST}}-[1-9]\\d{0,4}x[1-9]\\d{0,4}\\.(?:jpg|png|webp|gif)`;

const NAME = new RegExp(`^([0-9a-f]{${DIGEST}})-(\\d+)x(\\d+)\\.(\\w+)$`);
const WHOLE_NAME = new RegExp(`^${PICTURE_NAME}$`);
const NARROWER = new RegExp(`^(${PICTURE_NAME})\\.([1-9]\\d{1,3})\\.webp$`);

/** Pixels in width of the narrower forms of a picture: phones, tablets and screens, each also with two pixels for one. */
const WIDTHS = [320, 640, 960, 1_280, 1_920, 2_560];

export interface StoredPicture {
  name: string;
  /** The first 128 bits of the file's SHA-256, in hexadecimal digits. */
  digest: string;
  width: number;
  height: number;
  /** The media type. */
  type: string;
}

/** A form of a picture: a narrower one, or the stored file itself. */
export interface PictureVariant {
  name: string;
  width: number;
  height: number;
  type: string;
}

export function pictureName(picture: { digest: string; width: number; height: number; extension: PictureExtension }) {
  const { digest, width, height, extension } = picture;
  return `${digest.slice(0, DIGEST)}-${width}x${height}.${extension}`;
}

/** Null for a text that is no name of a stored picture. */
export function readPictureName(name: string): StoredPicture | null {
  const found = WHOLE_NAME.test(name) ? NAME.exec(name) : null;
  if (!found) return null;
  const [, digest, width, height, extension] = found;
  return {
    name,
    digest: digest!,
    width: Number(width),
    height: Number(height),
    type: TYPES[extension as PictureExtension],
  };
}

/** The picture of which a name is that of a narrower form, and its width; null for any other text. */
export function readVariantName(name: string): { picture: StoredPicture; variant: PictureVariant } | null {
  const [, original, width] = NARROWER.exec(name) ?? [];
  const picture = original === undefined ? null : readPictureName(original);
  const variant = picture && variantsOf(picture).find((one) => one.name === name && one.width === Number(width));
  return picture && variant ? { picture, variant } : null;
}

/** The forms of a picture, the narrowest first; the last one is the stored file. */
export function variantsOf({ name, width, height, type }: StoredPicture): PictureVariant[] {
  const narrower = WIDTHS.filter((one) => one < width).map((one) => ({
    name: `${name}.${one}.webp`,
    width: one,
    height: Math.max(1, Math.round((height * one) / width)),
    type: TYPES.webp,
  }));
  return [...narrower, { name, width, height, type }];
}
