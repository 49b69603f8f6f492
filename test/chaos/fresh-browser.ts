import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { text as textOfStream } from 'node:stream/consumers';

/** Without fetch, which takes several times as long: walks read a million times. */
const agent = new Agent({ keepAlive: true });

/** Reads over GET that ask with the tag of the answer before, as a browser's cache does. */
export class Browser {
  readonly #known = new Map<string, { etag: string; text: string }>();

  readonly #headers: Record<string, string>;

  /** @param headers of each request */
  constructor(headers: Record<string, string> = {}) {
    this.#headers = headers;
  }

  /** @throws when the gateway does not answer, also for a status of 500 or more */
  async read(url: string, query: string): Promise<string> {
    const address = `${url}?${new URLSearchParams({ query })}`;
    const known = this.#known.get(address);
    const response = await send(address, {
      headers: { ...this.#headers, ...(known && { 'if-none-match': known.etag }) },
    });
    const text = await textOf(response);
    if (response.statusCode === 304) return known!.text;
    const { etag } = response.headers;
    if (etag) this.#known.set(address, { etag, text });
    return text;
  }
}

/** Reads over POST. @throws when the gateway does not answer, also for a status of 500 or more */
export async function readByPost(url: string, query: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  return textOf(await send(url, { method: 'POST', headers }, JSON.stringify({ query })));
}

function send(url: string, options: RequestOptions, body?: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(url, { agent, ...options }, resolve)
      .on('error', reject)
      .end(body);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const text = await textOfStream(response);
  if (response.statusCode! >= 500) throw new Error(text);
  return text;
}
