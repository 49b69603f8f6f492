import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import aws4 from 'aws4';
import { objectAddress, type S3Place } from './s3-place.ts';
import { StoreError } from './store-error.ts';

/** Milliseconds in which something must arrive, or be taken, and those until the answer begins. */
const IDLE_LIMIT = 10_000;
const ANSWER_LIMIT = 60_000;
/** Tries of a request, and milliseconds before the second one; each further wait is four times as long. */
const TRIES = 3;
const FIRST_WAIT = 250;
/** Bytes of an error that are read. */
const MAX_ERROR = 4_000;

/** Answers after which the same request may succeed. */
const TRANSIENT = new Set([408, 429, 500, 502, 503, 504]);

export interface S3Options {
  /** Milliseconds before the second try. @default 250 */
  firstWait?: number;
  /** Milliseconds in which something must arrive, or be taken. @default 10000 */
  idleLimit?: number;
}

export interface S3Request {
  method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  /** The key without the prefix. */
  name: string;
  headers?: Record<string, string>;
  body?: Buffer;
}

/** Asks an S3-compatible store, with signatures of version 4, and again where that may help. */
export class S3Client {
  readonly #place: S3Place;
  readonly #options: Required<S3Options>;
  /** Without a bound of connections: a client that reads a picture slowly holds one, and must delay no other. */
  readonly #agents = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) };

  constructor(place: S3Place, options: S3Options = {}) {
    this.#place = place;
    this.#options = { firstWait: FIRST_WAIT, idleLimit: IDLE_LIMIT, ...options };
  }

  /**
   * @returns the answer, whose body the caller reads or destroys; null when there is no such object
   * @throws StoreError
   */
  async ask(request: S3Request): Promise<IncomingMessage | null> {
    for (let attempt = 1, wait = this.#options.firstWait; ; attempt += 1, wait *= 4) {
      const outcome = await this.#try(request).catch(unreachable);
      if (!(outcome instanceof Failure)) return outcome;
      if (!outcome.mayPass || attempt === TRIES) throw outcome.error;
      await delay(wait);
    }
  }

  close(): void {
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }

  async #try(request: S3Request): Promise<IncomingMessage | null | Failure> {
    const response = await this.#send(request);
    const { statusCode: status = 0 } = response;
    this.#watch(response);
    if (status >= 200 && status < 300) return response;
    const code = codeOf(await beginningOf(response)) ?? `HTTP ${status}`;
    if (status === 404 && code !== 'NoSuchBucket' && request.method !== 'PUT') return null;
    const hint = HINTS[code] ?? (status === 403 ? HINTS.AccessDenied : undefined);
    const mayPass = TRANSIENT.has(status) || code === 'RequestTimeout';
    return new Failure(
      new StoreError(`The store of pictures answers ${request.method} with ${code}${hint ? `: ${hint}` : ''}.`, {
        code,
      }),
      mayPass,
    );
  }

  #send({ method, name, headers: given = {}, body }: S3Request): Promise<IncomingMessage> {
    const { credentials, region } = this.#place;
    const url = objectAddress(this.#place, name);
    const path = url.pathname;
    // `Host` is signed as Node sends it.
    const unsigned = {
      method,
      path,
      headers: { ...given, host: url.host, 'content-length': String(body?.length ?? 0) },
    };
    const { headers } = aws4.sign(
      { ...unsigned, ...(body && { body }), host: url.host, service: 's3', region },
      credentials,
    );
    const request = url.protocol === 'https:' ? requestHttps : requestHttp;
    return new Promise((resolve, reject) => {
      const sent = request(url, {
        ...{ method, headers: headers as Record<string, string>, timeout: this.#options.idleLimit },
        agent: this.#agents[url.protocol as 'http:' | 'https:'],
      });
      const giveUp = (): unknown => sent.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }));
      const limit = setTimeout(giveUp, ANSWER_LIMIT);
      sent.once('timeout', giveUp);
      sent.on('error', reject);
      sent.once('close', () => clearTimeout(limit));
      sent.once('response', (response) => {
        clearTimeout(limit);
        sent.off('timeout', giveUp);
        resolve(response);
      });
      sent.end(body);
    });
  }

  /** Ends a body of which nothing arrives, unless what has arrived waits for its reader. */
  #watch(response: IncomingMessage): void {
    const { socket } = response;
    const { idleLimit } = this.#options;
    const check = (): void => {
      if (response.readableLength > 0) socket.setTimeout(idleLimit, check);
      else response.destroy(new StoreError('The store of pictures has stopped to send.', { code: 'ETIMEDOUT' }));
    };
    socket.setTimeout(idleLimit, check);
    response.once('close', () => socket.setTimeout(0, check));
  }
}

/** An answer that is none. */
class Failure {
  readonly error: StoreError;
  /** The same request may succeed later. */
  readonly mayPass: boolean;

  constructor(error: StoreError, mayPass: boolean) {
    this.error = error;
    this.mayPass = mayPass;
  }
}

function unreachable(cause: NodeJS.ErrnoException): Failure {
  const { code = 'ECONNRESET', message } = cause;
  return new Failure(
    new StoreError(`The store of pictures does not answer: ${message || code}.`, { code, cause }),
    true,
  );
}

const HINTS: Record<string, string | undefined> = {
  AccessDenied: 'the key needs s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket',
  NoSuchBucket: 'there is no such bucket',
  PermanentRedirect: 'the bucket is in another region than AWS_REGION says',
  AuthorizationHeaderMalformed: 'the bucket may be in another region than AWS_REGION says',
  InvalidAccessKeyId: 'AWS_ACCESS_KEY_ID is not known there',
  SignatureDoesNotMatch: 'AWS_SECRET_ACCESS_KEY may be wrong',
  RequestTimeTooSkewed: 'the clock of this machine is wrong',
};

function codeOf(body: string): string | undefined {
  return /<Code>([A-Za-z0-9]{1,60})<\/Code>/.exec(body)?.[1];
}

async function beginningOf(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response as AsyncIterable<string>) {
    text += chunk;
    // Leaving the loop ends the connection.
    if (text.length > MAX_ERROR) break;
  }
  return text;
}
