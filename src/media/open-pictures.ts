import { join } from 'node:path';
import type { Config } from '../config.ts';
import { FolderStore } from './folder-store.ts';
import { PictureConverter } from './picture-converter.ts';
import type { PictureStore } from './picture-store.ts';
import { Pictures } from './pictures.ts';
import { readBucketAddress } from './s3-place.ts';
import { S3Store } from './s3-store.ts';

type StoreConfig = Pick<Config, 'media' | 'databaseUrl' | 'dataDir'> & Partial<S3Config>;
type S3Config = Pick<Config, 's3Region' | 's3Endpoint' | 's3KeyId' | 's3Secret' | 's3SessionToken'>;
type MediaConfig = StoreConfig & Pick<Config, 'mediaMaxSize'>;

/** Opens the folder or the bucket that MEDIA names. Null when pictures are not kept. */
export function openStore({ media, databaseUrl, dataDir, ...s3 }: StoreConfig): PictureStore | null {
  const place = media ?? (databaseUrl === null ? join(dataDir, 'media') : null);
  if (place === null) return null;
  const bucket = readBucketAddress(place);
  if (bucket === null) return new FolderStore(place);
  const { s3Region: region = 'us-east-1', s3Endpoint: endpoint = null, s3KeyId, s3Secret, s3SessionToken } = s3;
  return new S3Store({
    ...bucket,
    region,
    endpoint,
    credentials: {
      accessKeyId: s3KeyId ?? '',
      secretAccessKey: s3Secret ?? '',
      ...(s3SessionToken && { sessionToken: s3SessionToken }),
    },
  });
}

/**
 * Opens the store that MEDIA names, and no process before the first picture. Null when pictures are not kept.
 * @param keep receives what is open
 */
export function openPictures(config: MediaConfig, keep: (pictures: Pictures) => unknown = () => {}): Pictures | null {
  const store = openStore(config);
  if (store === null) return null;
  const pictures = new Pictures({ store, converter: new PictureConverter(), maxSize: config.mediaMaxSize });
  keep(pictures);
  return pictures;
}
