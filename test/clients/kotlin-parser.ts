// The rules by which Apollo Kotlin reads a multipart subscription, those of OkHttp's reader of RFC 2046, as far as they matter
// for what a server may send: a body that ends without the last delimiter is an error, and headers are lines with a colon.

type State = 'start' | 'preamble' | 'afterBoundary' | 'headers' | 'body' | 'finished';

/** Reads a body in chunks. @throws for what Apollo Kotlin refuses */
export class KotlinParser {
  readonly payloads: object[] = [];
  /** Errors beside the payload, each of which ends the subscription with an exception. */
  readonly routerErrors: unknown[] = [];
  heartbeats = 0;
  readonly #boundary: string;
  #state: State = 'start';
  #rest = '';
  #parts = 0;

  constructor(contentType: string) {
    if (!/^multipart\//i.test(contentType)) throw new Error('It is one response.');
    const parameters = contentType.split(';').map((parameter) => parameter.trim());
    const boundary = parameters.find((parameter) => parameter.startsWith('boundary='))?.split('=')[1];
    if (!boundary) throw new Error('Expected the Content-Type to have a boundary parameter');
    this.#boundary = boundary.replace(/^["']+|["']+$/g, '');
  }

  push(chunk: Buffer): void {
    this.#rest += chunk.toString('latin1');
    while (this.#step());
  }

  /** The body has ended. */
  end(): void {
    if (this.#state !== 'finished') throw new Error('premature end of multipart body');
  }

  /** @returns whether more can be read of what has arrived */
  #step(): boolean {
    switch (this.#state) {
      case 'start':
        return this.#readStart();
      case 'preamble':
      case 'body':
        return this.#readToDelimiter();
      case 'afterBoundary':
        return this.#readAfterBoundary();
      case 'headers':
        return this.#readHeader();
      default:
        return false;
    }
  }

  #readStart(): boolean {
    const first = `--${this.#boundary}`;
    if (this.#rest.length < first.length) return false;
    const isAtStart = this.#rest.startsWith(first);
    if (isAtStart) this.#rest = this.#rest.slice(first.length);
    this.#state = isAtStart ? 'afterBoundary' : 'preamble';
    return true;
  }

  #readToDelimiter(): boolean {
    const delimiter = `\r\n--${this.#boundary}`;
    const end = this.#rest.indexOf(delimiter);
    if (end === -1) return false;
    if (this.#state === 'body') this.#readJson(this.#rest.slice(0, end));
    this.#rest = this.#rest.slice(end + delimiter.length);
    this.#state = 'afterBoundary';
    return true;
  }

  #readAfterBoundary(): boolean {
    if (this.#rest.length < 2) return false;
    const next = this.#rest.slice(0, 2);
    if (next === '--') {
      if (this.#parts === 0) throw new Error('expected at least 1 part');
      this.#state = 'finished';
      return false;
    }
    if (next !== '\r\n' && !/^[ \t]/.test(next)) throw new Error('unexpected characters after boundary');
    this.#rest = this.#rest.slice(next === '\r\n' ? 2 : 1);
    if (next === '\r\n') this.#state = 'headers';
    return true;
  }

  #readHeader(): boolean {
    const end = this.#rest.indexOf('\r\n');
    if (end === -1) return false;
    const line = this.#rest.slice(0, end);
    // The blank line's break is not part of the body, so the delimiter of an empty body needs one of its own.
    this.#rest = this.#rest.slice(end + 2);
    if (line === '') {
      this.#parts += 1;
      this.#state = 'body';
    } else if (!line.includes(':')) throw new Error(`Unexpected header: ${line}`);
    return true;
  }

  #readJson(body: string): void {
    const { payload, errors, ...others } = JSON.parse(Buffer.from(body, 'latin1').toString());
    if (errors) this.routerErrors.push(errors);
    else if (payload) this.payloads.push(payload);
    else if (Object.keys(others).length === 0) this.heartbeats += 1;
  }
}
