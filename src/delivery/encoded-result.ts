/** How one kind of connection writes a result down. */
export type Encoding = (json: string) => string;

/** A result, encoded once for each kind of connection and not once for each connection: all of them send the same bytes. */
export class EncodedResult {
  /** An ExecutionResult. */
  readonly json: string;
  readonly #encoded = new Map<Encoding, Buffer>();

  constructor(json: string) {
    this.json = json;
  }

  as(encoding: Encoding): Buffer {
    let bytes = this.#encoded.get(encoding);
    if (!bytes) {
      bytes = Buffer.from(encoding(this.json));
      this.#encoded.set(encoding, bytes);
    }
    return bytes;
  }
}
