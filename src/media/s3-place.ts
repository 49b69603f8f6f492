/** A bucket, and how it is reached. */
export interface S3Place {
  bucket: string;
  /** The common beginning of all keys: empty, or with a slash at its end. */
  prefix: string;
  region: string;
  /** The address of a server other than that of AWS; null for AWS. */
  endpoint: string | null;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

/** What the configuration lets through for a bucket. */
const BUCKET_ADDRESS = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[\w-][\w.-]*)*)\/*$/;

export function readBucketAddress(address: string): Pick<S3Place, 'bucket' | 'prefix'> | null {
  const [, bucket, path = ''] = BUCKET_ADDRESS.exec(address) ?? [];
  return bucket === undefined ? null : { bucket, prefix: path === '' ? '' : `${path.slice(1)}/` };
}

/**
 * The address of an object. AWS wants the bucket in the name of the host, where a certificate covers it; other servers are commonly
 * reached with the bucket in the path, and all of them understand that.
 */
export function objectAddress({ bucket, prefix, region, endpoint }: S3Place, name: string): URL {
  const key = prefix + name;
  if (endpoint !== null) return new URL(`${endpoint.replace(/\/+$/, '')}/${bucket}/${key}`);
  const host = `s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
  return new URL(bucket.includes('.') ? `https://${host}/${bucket}/${key}` : `https://${bucket}.${host}/${key}`);
}
