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
    const response = await fetch(address, {
      headers: { ...this.#headers, ...(known && { 'if-none-match': known.etag }) },
    });
    if (response.status === 304) return known!.text;
    const text = await textOf(response);
    const etag = response.headers.get('etag');
    if (etag) this.#known.set(address, { etag, text });
    return text;
  }
}

/** Reads over POST. @throws when the gateway does not answer, also for a status of 500 or more */
export async function readByPost(url: string, query: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return textOf(response);
}

async function textOf(response: Response): Promise<string> {
  const text = await response.text();
  if (response.status >= 500) throw new Error(text);
  return text;
}
