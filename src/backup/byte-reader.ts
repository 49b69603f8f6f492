import { BackupError } from './backup-error.ts';

const NEWLINE = 0x0a;

/** Reads lines and given numbers of bytes from a stream, in turns. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** The next line, without its break; null at the end of the stream. @throws BackupError for a longer or an unended one */
  async line(maxLength: number): Promise<Buffer | null> {
    for (let from = 0; ; ) {
      const end = this.#rest.indexOf(NEWLINE, from);
      if (end > maxLength || (end === -1 && this.#rest.length > maxLength))
        throw new BackupError('The backup is damaged, or no backup of Broadsheet: a line of it is too long.');
      if (end !== -1) {
        const line = this.#rest.subarray(0, end);
        this.#rest = this.#rest.subarray(end + 1);
        return line;
      }
      from = this.#rest.length;
      const chunk = await this.#next();
      if (chunk) this.#rest = Buffer.concat([this.#rest, chunk]);
      else if (from === 0) return null;
      else throw new BackupError('The backup is not complete: it ends within a line.');
    }
  }

  /** The next so many bytes, in pieces. @throws BackupError when the stream has fewer */
  async *bytes(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0; ) {
      const chunk = this.#rest.length > 0 ? this.#rest : await this.#next();
      if (!chunk) throw new BackupError('The backup is not complete: it ends within a table.');
      const piece = chunk.subarray(0, left);
      this.#rest = chunk.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async #next(): Promise<Buffer | null> {
    const { done, value } = await this.#chunks.next();
    return done ? null : value;
  }
}
