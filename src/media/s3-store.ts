import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { readPictureName, readVariantName } from '../../schema/content/picture/picture-name.ts';
import type { ByteRange, OpenFile, PictureStore, StoreState } from './picture-store.ts';
import { S3Client, type S3Options } from './s3-client.ts';
import type { S3Place } from './s3-place.ts';
import { StoreError } from './store-error.ts';
import { tryStore } from './try-store.ts';

/** What is under a name never changes, also where the bucket is served to the public. */
const CACHED = 'public, max-age=31536000, immutable';

/** Keeps pictures in a bucket of an S3-compatible store. An object is there when all of its bytes have arrived, and before not at all. */
export class S3Store implements PictureStore {
  readonly #client: S3Client;
  readonly #name: string;

  constructor(place: S3Place, options: S3Options = {}) {
    this.#name = `s3://${place.bucket}/${place.prefix}`;
    this.#client = new S3Client(place, options);
  }

  async open(name: string): Promise<OpenFile | null> {
    const response = await this.#client.ask({ method: 'GET', name: checked(name) });
    if (response === null) return null;
    const size = Number(response.headers['content-length'] ?? Number.NaN);
    if (!Number.isSafeInteger(size)) {
      response.destroy();
      throw new StoreError('The store of pictures sends a file without its size.', { code: 'NoContentLength' });
    }
    return {
      size,
      stream: (range) => (range ? this.#part(name, response, range) : response),
      close: async () => void response.destroy(),
    };
  }

  async has(name: string): Promise<boolean> {
    return this.#done({ method: 'HEAD', name });
  }

  async write(name: string, bytes: Buffer): Promise<void> {
    if (await this.has(name)) return;
    const type = (readPictureName(name) ?? readVariantName(name)?.variant)?.type ?? 'application/octet-stream';
    const headers = { 'content-type': type, 'cache-control': CACHED };
    await this.#done({ method: 'PUT', name, headers, body: bytes });
  }

  async remove(name: string): Promise<void> {
    await this.#done({ method: 'DELETE', name });
  }

  /** A request that has written nothing leaves nothing. */
  async removeStale(): Promise<number> {
    return 0;
  }

  async check(): Promise<StoreState> {
    await tryStore(this);
    return { place: this.#name, free: null };
  }

  async close(): Promise<void> {
    this.#client.close();
  }

  /** @returns whether there is such an object */
  async #done(request: Parameters<S3Client['ask']>[0]): Promise<boolean> {
    const response = await this.#client.ask({ ...request, name: checked(request.name) });
    response?.resume();
    return response !== null;
  }

  /** The whole object is on its way already: seldom is a part asked for, so it is not asked for the size first. */
  #part(name: string, whole: IncomingMessage, { start, end }: ByteRange): Readable {
    whole.destroy();
    const client = this.#client;
    return Readable.from(
      (async function* () {
        const part = await client.ask({ method: 'GET', name, headers: { range: `bytes=${start}-${end}` } });
        if (part?.statusCode !== 206) {
          part?.destroy();
          throw new StoreError('The store of pictures sends no part of a file.', { code: 'NoRange' });
        }
        yield* part;
      })(),
      { objectMode: false },
    );
  }
}

/** Names come from addresses. Callers check them; a name that leads elsewhere would be a fault with consequences. */
function checked(name: string): string {
  if (!/^[\w-]+(\.\w+)+$/.test(name)) throw new Error('This is no name of a picture.');
  return name;
}
