import type { IncomingMessage, ServerResponse } from 'node:http';
import { requireWriter } from '../../../../schema/content/article/article-rights.ts';
import { ActionableError, ForbiddenError, RateLimitedError } from '../../../../schema/content/errors.ts';
import { shownVariants } from '../../../../schema/content/picture/picture-address.ts';
import { PICTURES_PATH, type StoredPicture } from '../../../../schema/content/picture/picture-name.ts';
import { type Identify, type RateLimits, type RequestIdentity, senderKey } from '../../../auth/index.ts';
import type { OperationPipeline } from '../../../execution/index.ts';
import type { Logger } from '../../../logger.ts';
import { PictureError, type PictureFault, type Pictures, StoreError } from '../../../media/index.ts';
import type { Refusal } from '../../refusal.ts';
import { isRefusal } from '../../refusal.ts';
import { awaitsContinue } from '../body-state.ts';
import { endResponse } from '../end-response.ts';
import { JSON_TYPE } from '../media-types.ts';
import { sendIdentityError, sendRefusal } from '../result-response.ts';

/** Bytes of uploads that may arrive at a time, and their number. */
const MAX_BYTES = 256_000_000;
const MAX_UPLOADS = 8;
/** Seconds after which an upload may be tried again that was refused because others arrive. */
const RETRY_AFTER = 10;

export interface UploadOptions {
  identify: Identify;
  pipeline: Pick<OperationPipeline, 'maskError'>;
  consume: RateLimits['consume'];
  /** Notes that a picture is kept, before its file is. */
  record(picture: StoredPicture, size: number): Promise<void>;
  /** The address of the folder that has the stored pictures. */
  mediaUrl: string;
  log: Logger;
}

/** The log has why. */
export const STORE_FAILS: Refusal = {
  status: 503,
  message: 'The store of pictures fails. Try again later.',
  headers: { 'retry-after': String(RETRY_AFTER), 'cache-control': 'no-store' },
};

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  requestId: string;
}

/** Takes the pictures of writers: the body of the request is the file. */
export class Uploads {
  readonly #pictures: Pictures;
  readonly #options: UploadOptions;
  readonly #most: number;
  /** One sender's uploads, however slowly they arrive, leave places for others. */
  readonly #mostOfSender: number;
  #arriving = 0;
  readonly #arrivingOf = new Map<string, number>();

  constructor(pictures: Pictures, options: UploadOptions) {
    this.#pictures = pictures;
    this.#options = options;
    this.#most = Math.max(1, Math.min(MAX_UPLOADS, Math.floor(MAX_BYTES / pictures.maxSize)));
    this.#mostOfSender = Math.ceil(this.#most / 2);
  }

  async answer({ request, response, requestId }: Exchange): Promise<void> {
    const { identify, pipeline } = this.#options;
    let outcome: StoredPicture | Refusal;
    try {
      const identity = await identify(request.headers.authorization, request, requestId);
      outcome =
        (await this.#refuse(identity, request)) ?? (await this.#takeOne(identity, { request, response, requestId }));
    } catch (error) {
      if (response.destroyed) throw error;
      return sendIdentityError(response, JSON_TYPE, pipeline.maskError(error, requestId));
    }
    if (response.destroyed) return;
    if (isRefusal(outcome)) return sendRefusal(response, JSON_TYPE, outcome);
    this.#send(response, outcome);
  }

  /** Why an upload is refused before its body is read. */
  async #refuse(identity: RequestIdentity, { headers }: IncomingMessage): Promise<Refusal | null> {
    if (identity.viewer === null)
      return {
        status: 401,
        code: 'UNAUTHENTICATED',
        message: 'Send the token of a writer.',
        headers: { 'www-authenticate': 'Bearer', connection: 'close' },
      };
    try {
      requireWriter(identity.viewer);
      await this.#options.consume(identity, 'upload');
    } catch (error) {
      if (!(error instanceof ActionableError)) throw error;
      return refusalOf(error);
    }
    if (
      !/^image\/[\w.+-]+$/i.test(headers['content-type'] ?? '') ||
      (headers['content-encoding'] ?? 'identity') !== 'identity'
    )
      return unread(
        415,
        'Send the file itself as the body, with its type (such as image/jpeg) and without a content-encoding.',
      );
    if (Number(headers['content-length'] ?? 0) > this.#pictures.maxSize) return this.#tooLarge();
    if ((this.#arrivingOf.get(senderKey(identity)) ?? 0) >= this.#mostOfSender)
      return {
        ...unread(429, 'Too many of your pictures arrive at a time.'),
        headers: { 'retry-after': String(RETRY_AFTER), connection: 'close' },
      };
    if (this.#arriving >= this.#most)
      return {
        ...unread(503, 'Too many pictures arrive.'),
        headers: { 'retry-after': String(RETRY_AFTER), connection: 'close' },
      };
    return null;
  }

  #tooLarge(): Refusal {
    return unread(413, `A picture may have ${this.#pictures.maxSize / 1_000_000} MB.`);
  }

  async #takeOne(identity: RequestIdentity, exchange: Exchange): Promise<StoredPicture | Refusal> {
    const sender = senderKey(identity);
    this.#arriving += 1;
    this.#arrivingOf.set(sender, (this.#arrivingOf.get(sender) ?? 0) + 1);
    try {
      return await this.#take(exchange);
    } finally {
      this.#arriving -= 1;
      const others = this.#arrivingOf.get(sender)! - 1;
      if (others === 0) this.#arrivingOf.delete(sender);
      else this.#arrivingOf.set(sender, others);
    }
  }

  async #take({ request, response, requestId }: Exchange): Promise<StoredPicture | Refusal> {
    try {
      if (awaitsContinue(request)) response.writeContinue();
      const bytes = await readFile(request, this.#pictures.maxSize);
      return bytes === null ? this.#tooLarge() : await this.#pictures.add(bytes, this.#options.record);
    } catch (error) {
      if (error instanceof PictureError) return FAULTS[error.fault](error.message);
      if (!(error instanceof StoreError)) throw error;
      this.#options.log.error('A picture could not be stored', { requestId, err: error });
      return STORE_FAILS;
    }
  }

  #send(response: ServerResponse, { name, width, height, type }: StoredPicture): void {
    const { mediaUrl } = this.#options;
    const path = PICTURES_PATH + name;
    const image = { url: mediaUrl + name, path, width, height, type, variants: shownVariants(path, mediaUrl) };
    const headers = { 'content-type': 'application/json; charset=utf-8', location: mediaUrl + name };
    endResponse(response, { status: 201, headers, body: `${JSON.stringify({ image })}\n` });
  }
}

/** The body; null for one that is too large. */
async function readFile(request: IncomingMessage, most: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) return void chunks.push(chunk);
      request.pause();
      resolve(null);
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('close', () => reject(new Error('The client disconnected.')));
    request.once('error', reject);
    if (request.destroyed && !request.complete) reject(new Error('The client disconnected.'));
  });
}

/** A refusal before the body is read, which the connection would have to wait for. */
function unread(status: number, message: string): Refusal {
  return { status, message, headers: { connection: 'close' } };
}

function refusalOf(error: ActionableError): Refusal {
  const { message, code } = error;
  if (error instanceof RateLimitedError)
    return {
      status: 429,
      message,
      code,
      headers: { 'retry-after': String(error.retryAfterSeconds), connection: 'close' },
    };
  return { ...unread(error instanceof ForbiddenError ? 403 : 400, message), code };
}

const invalid = (message: string): Refusal => ({ status: 422, message, code: 'INVALID_INPUT' });

const FAULTS: Record<PictureFault, (message: string) => Refusal> = {
  TOO_LARGE: (message) => ({ status: 413, message }),
  WRONG_TYPE: (message) => ({ status: 415, message }),
  TOO_MANY_PIXELS: invalid,
  UNREADABLE: invalid,
  TOO_COMPLEX: invalid,
};
