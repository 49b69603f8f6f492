import { PICTURES_PATH, type PictureVariant, readPictureName, type StoredPicture, variantsOf } from './picture-name.ts';

/**
 * The stored picture at an address; null for any other address.
 * @param mediaUrl what the addresses of stored pictures begin with
 */
export function storedPictureAt(address: string, mediaUrl: string): StoredPicture | null {
  for (const start of [PICTURES_PATH, mediaUrl])
    if (address.startsWith(start)) {
      const picture = readPictureName(address.slice(start.length));
      if (picture) return picture;
    }
  return null;
}

/** The address as it is stored: that of a stored picture is a path, so it stays valid when the site moves. */
export function storedAddress(address: string, mediaUrl: string): string {
  const picture = storedPictureAt(address, mediaUrl);
  return picture ? PICTURES_PATH + picture.name : address;
}

/** The address at which readers find a picture: that of a stored one is completed, any other stays as it is. */
export function shownAddress(address: string, mediaUrl: string): string {
  const picture = address.startsWith(PICTURES_PATH) ? storedPictureAt(address, mediaUrl) : null;
  return picture ? mediaUrl + picture.name : address;
}

export interface ShownVariant extends Omit<PictureVariant, 'name'> {
  url: string;
}

/** The forms of a stored picture, the narrowest first; none of any other. */
export function shownVariants(address: string, mediaUrl: string): ShownVariant[] {
  const picture = storedPictureAt(address, mediaUrl);
  return picture ? variantsOf(picture).map(({ name, ...variant }) => ({ ...variant, url: mediaUrl + name })) : [];
}
