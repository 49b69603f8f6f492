import { lookup as resolveName } from 'node:dns';
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { parseUrl } from '../../../schema/content/text/parse-url.ts';
import { PictureFailure } from './picture-failure.ts';
import { isPublicAddress } from './public-address.ts';

/** Milliseconds that a picture may take in all, and in which something must arrive. */
const DEADLINE = 60_000;
const IDLE_LIMIT = 15_000;
const MAX_REDIRECTS = 5;
/** Tries of one picture, and milliseconds before the second one; each further wait is four times as long. */
const TRIES = 3;
const FIRST_WAIT = 1_000;
/** Milliseconds that a site may ask to wait. */
const LONGEST_WAIT = 30_000;
/** Failures of a site, one after the other, after which it is not asked any more. */
const MAX_OUTAGES = 10;
/** Connections to one site at a time. */
const CONNECTIONS = 4;

interface FetcherOptions {
  /** Addresses that the operator has named: their hosts may be private ones. */
  trusted: readonly URL[];
  /** Bytes of a picture. */
  maxSize: number;
  signal: AbortSignal | undefined;
  /** Milliseconds before the second try. @default 1000 */
  firstWait?: number;
}

type Outcome = { bytes: Buffer } | { location: string } | { retryAfter: number | null; failure: PictureFailure };

/** Fetches pictures over http and https: from public addresses only, but for sites that the operator has named. */
export class PictureFetcher {
  readonly #options: Required<FetcherOptions>;
  readonly #trusted: ReadonlySet<string>;
  /** Failures of each host since its last answer. */
  readonly #outages = new Map<string, number>();
  readonly #agents = {
    'http:': new HttpAgent({ keepAlive: true, maxSockets: CONNECTIONS }),
    'https:': new HttpsAgent({ keepAlive: true, maxSockets: CONNECTIONS }),
  };

  constructor(options: FetcherOptions) {
    this.#options = { firstWait: FIRST_WAIT, ...options };
    this.#trusted = new Set(options.trusted.map(({ host }) => host));
  }

  /** @throws PictureFailure */
  async fetch(address: string): Promise<Buffer> {
    const { host } = new URL(address);
    if ((this.#outages.get(host) ?? 0) >= MAX_OUTAGES)
      throw new PictureFailure('the site does not answer, and was not asked for more of them');
    try {
      const bytes = await this.#tryOften(address);
      this.#outages.delete(host);
      return bytes;
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      if (error instanceof PictureFailure && error.isOutage)
        this.#outages.set(host, (this.#outages.get(host) ?? 0) + 1);
      else this.#outages.delete(host);
      throw error;
    }
  }

  close(): void {
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }

  async #tryOften(address: string): Promise<Buffer> {
    const { signal, firstWait } = this.#options;
    for (let attempt = 1, wait = firstWait; ; attempt += 1, wait *= 4) {
      const outcome = await this.#follow(address);
      if ('bytes' in outcome) return outcome.bytes;
      if (outcome.retryAfter === null || attempt === TRIES) throw outcome.failure;
      await delay(Math.min(LONGEST_WAIT, Math.max(wait, outcome.retryAfter)), undefined, signal ? { signal } : {});
    }
  }

  async #follow(address: string): Promise<Exclude<Outcome, { location: string }>> {
    const timeout = AbortSignal.timeout(DEADLINE);
    const signal = this.#options.signal ? AbortSignal.any([timeout, this.#options.signal]) : timeout;
    let url = new URL(address);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const outcome = await this.#ask(url, signal);
      if (!('location' in outcome)) return outcome;
      const target = parseUrl(outcome.location, url);
      if (target === null) throw new PictureFailure('the site redirects to no address');
      url = target;
    }
    throw new PictureFailure('the site redirects too often');
  }

  async #ask(url: URL, signal: AbortSignal): Promise<Outcome> {
    this.#requireAllowed(url);
    const request = url.protocol === 'https:' ? requestHttps : requestHttp;
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const sent = request(url, {
          agent: this.#agents[url.protocol as 'http:' | 'https:'],
          signal,
          timeout: IDLE_LIMIT,
          headers: { 'user-agent': 'Broadsheet import', accept: 'image/*,*/*;q=0.1', 'accept-encoding': 'identity' },
          lookup: this.#trusted.has(url.host) ? undefined : lookupPublic,
        });
        sent.once('response', resolve).once('error', reject);
        sent.once('timeout', () => sent.destroy(new Error('nothing arrived in time')));
        sent.end();
      });
      return await this.#read(response);
    } catch (cause) {
      if (cause instanceof PictureFailure) throw cause;
      const failure = new PictureFailure(`the site does not answer (${reasonOf(cause)})`, { isOutage: true, cause });
      return { retryAfter: 0, failure };
    }
  }

  /** @throws PictureFailure */
  #requireAllowed(url: URL): void {
    if (!/^https?:$/.test(url.protocol) || url.username || url.password)
      throw new PictureFailure('the address is none of http or https, or has a password');
    if (this.#trusted.has(url.host)) return;
    if (url.port !== '') throw new PictureFailure('the address has a port, and its site was not named with --media');
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !isPublicAddress(host)) throw notPublic();
  }

  async #read(response: IncomingMessage): Promise<Outcome> {
    const { statusCode: status = 0, headers } = response;
    const { maxSize } = this.#options;
    if (status !== 200) {
      response.destroy();
      if (status >= 300 && status < 400 && headers.location) return { location: headers.location };
      const mayHelp = status === 408 || status === 429 || status >= 500;
      const failure = new PictureFailure(`the site answers with ${status}`, { isOutage: status >= 500 });
      return { retryAfter: mayHelp ? 1_000 * (Number(headers['retry-after']) || 0) : null, failure };
    }
    const chunks: Buffer[] = [];
    let size = 0;
    if (Number(headers['content-length'] ?? 0) <= maxSize)
      for await (const chunk of response as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > maxSize) break;
        chunks.push(chunk);
      }
    else size = Number.POSITIVE_INFINITY;
    if (size <= maxSize) return { bytes: Buffer.concat(chunks) };
    response.destroy();
    throw new PictureFailure(`larger than ${maxSize / 1_000_000} MB`);
  }
}

/** Resolves a name to public addresses only. The connection is made to what was checked, so a second answer cannot differ. */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  resolveName(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    if (!addresses.every(({ address }) => isPublicAddress(address))) return callback(notPublic(), []);
    if (options.all) callback(null, addresses);
    else callback(null, addresses[0]!.address, addresses[0]!.family);
  });
};

function notPublic(): PictureFailure {
  return new PictureFailure('the address is not public, and its site was not named with --media');
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return code ?? message ?? String(cause);
}
