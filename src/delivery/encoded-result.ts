/** Writes a result as one kind of connection needs it. */
export type Encoding = (json: string) => string;

/** A result that is encoded once for each kind of connection, because all connections of a kind send the same bytes. */
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
