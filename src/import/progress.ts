/** Milliseconds between two lines of progress. A log gets fewer lines than a terminal. */
const INTERVAL_MS = { terminal: 1_000, log: 15_000 };

const MEGABYTE = 1_000_000;

/** Writes the progress of an import: on a terminal one line that is overwritten, elsewhere one line per interval. */
export class Progress {
  readonly #out: NodeJS.WritableStream;
  readonly #isTerminal: boolean;
  #writtenAt = Date.now();

  constructor(out: NodeJS.WritableStream) {
    this.#out = out;
    this.#isTerminal = 'isTTY' in out && out.isTTY === true;
  }

  reportRead(read: { items: number; comments: number; bytes: number; size: number }): void {
    const now = Date.now();
    if (now - this.#writtenAt < INTERVAL_MS[this.#isTerminal ? 'terminal' : 'log']) return;
    this.#writtenAt = now;
    const percent = read.size === 0 ? 100 : Math.floor((read.bytes / read.size) * 100);
    const megabytes = (read.bytes / MEGABYTE).toFixed(0);
    this.#write(`${percent}%  ${megabytes} MB  ${read.items} items  ${read.comments} comments`);
  }

  reportStep(name: string): void {
    if (this.#isTerminal) this.#write(`${name}…`);
  }

  /** Clears the terminal's line. */
  end(): void {
    if (this.#isTerminal) this.#out.write('\r\x1b[K');
  }

  #write(line: string): void {
    this.#out.write(this.#isTerminal ? `\r\x1b[K${line}` : `${line}\n`);
  }
}
