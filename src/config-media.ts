import * as v from 'valibot';
import { allowed, fileSize, period, siteAddress, toAbsolutePath, type Variable } from './config-values.ts';

const BUCKET_ADDRESS = /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[\w-][\w.-]*)*\/*$/;

/** Where pictures are kept, and which. */
export const MEDIA = {
  /** The folder or the bucket of pictures. Null: `media` in DATA_DIR with the embedded database, and none with another. */
  media: {
    name: 'MEDIA',
    default: null,
    schema: allowed(
      'the path of a folder, or a bucket such as s3://bucket or s3://bucket/folder',
      v.union([
        v.pipe(v.string(), v.regex(/^(?![a-z][a-z0-9+.-]+:\/\/)/i), v.transform(toAbsolutePath)),
        v.pipe(v.string(), v.regex(BUCKET_ADDRESS)),
      ]),
    ),
  },
  /** The region of the bucket. Servers other than that of AWS commonly accept any. */
  s3Region: {
    name: 'AWS_REGION',
    default: 'us-east-1',
    schema: allowed('the name of a region such as eu-central-1', v.pipe(v.string(), v.regex(/^[a-z0-9-]{2,40}$/i))),
  },
  /** The address of the server of the bucket; null for AWS. */
  s3Endpoint: { name: 'AWS_ENDPOINT_URL_S3', default: null, schema: siteAddress() },
  s3KeyId: { name: 'AWS_ACCESS_KEY_ID', default: null, schema: v.string() },
  s3Secret: { name: 'AWS_SECRET_ACCESS_KEY', default: null, schema: v.string(), secret: 'value' },
  /** Of credentials that hold for some time. */
  s3SessionToken: { name: 'AWS_SESSION_TOKEN', default: null, schema: v.string(), secret: 'value' },
  /** What the addresses of pictures begin with, such as that of a CDN in front of `/media/`. By default `/media/` at PUBLIC_URL. */
  mediaUrl: { name: 'MEDIA_URL', default: null, schema: siteAddress() },
  /** Bytes of a picture that is uploaded or imported. */
  mediaMaxSize: { name: 'MEDIA_MAX_SIZE', default: '20MB', schema: fileSize('100kB', '200MB') },
  /** How long pictures are kept that nothing shows. */
  unusedMediaKept: { name: 'UNUSED_MEDIA_KEPT', default: '30', schema: period(3_650) },
} as const satisfies Record<string, Variable>;
