import { stat } from 'node:fs/promises';
import { parseUrl } from '../../../schema/content/text/parse-url.ts';
import { ImportError } from '../import-error.ts';
import { FolderPictures, type PicturePlace } from './folder-pictures.ts';
import { ZipPictures } from './zip-pictures.ts';

/** Where an operator has the pictures: folders, and addresses of the site. */
export interface PicturePlaces {
  folders: readonly PicturePlace[];
  addresses: readonly URL[];
  close(): void;
}

/** @throws ImportError for what is no folder, no zip archive and no address of http or https */
export async function openPlaces(media: readonly string[]): Promise<PicturePlaces> {
  const folders: PicturePlace[] = [];
  const archives: ZipPictures[] = [];
  const addresses: URL[] = [];
  for (const place of media) {
    if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(place)) {
      const archive = await openArchive(place);
      if (archive) archives.push(archive);
      folders.push(archive ?? (await FolderPictures.open(place)));
      continue;
    }
    const url = /^https?:/i.test(place) ? parseUrl(place) : null;
    if (url) addresses.push(url);
    else throw new ImportError(`--media ${place} is neither a folder nor an address of http or https.`);
  }
  const close = (): void => {
    for (const archive of archives) archive.close();
  };
  return { folders, addresses, close };
}

/** Null for what is no zip archive. */
export async function openArchive(path: string): Promise<ZipPictures | null> {
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  return isFile && /\.zip$/i.test(path) ? ZipPictures.open(path) : null;
}

/** A host without what does not make it another site. */
export function bareHost(host: string): string {
  return host.toLowerCase().replace(/^www\./, '');
}
