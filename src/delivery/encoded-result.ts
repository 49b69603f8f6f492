/** Writes a result as one kind of connection needs it. @param cursor see EncodedResult */
export type Encoding = (json: string, cursor: string | null) => string;

/** A result that is encoded once for each kind of connection, because all connections of a kind send the same bytes. */
export class EncodedResult {
  /** An ExecutionResult. */
  readonly json: string;
  /** The cursor to resume from after this result, also when the document does not select it; null when there is none. */
  readonly cursor: string | null;
  readonly #encoded = new Map<Encoding, Buffer>();

  constructor(json: string, cursor: string | null = null) {
    this.json = json;
    this.cursor = cursor;
  }

  as(encoding: Encoding): Buffer {
    let bytes = this.#encoded.get(encoding);
    if (!bytes) {
      bytes = Buffer.from(encoding(this.json, this.cursor));
      this.#encoded.set(encoding, bytes);
    }
    return bytes;
  }
}
