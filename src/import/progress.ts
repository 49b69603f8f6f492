/** Milliseconds between two lines: as often as a person reads, and seldom enough for a log. */
const EVERY_MS = { terminal: 1_000, log: 15_000 };

const MB = 1_000_000;

/** Tells how far an import is: one line that moves on a terminal, now and then a line elsewhere. */
export class Progress {
  readonly #out: NodeJS.WritableStream;
  readonly #terminal: boolean;
  #last = Date.now();

  constructor(out: NodeJS.WritableStream) {
    this.#out = out;
    this.#terminal = 'isTTY' in out && out.isTTY === true;
  }

  read(read: { items: number; comments: number; bytes: number; size: number }): void {
    const now = Date.now();
    if (now - this.#last < EVERY_MS[this.#terminal ? 'terminal' : 'log']) return;
    this.#last = now;
    const share = read.size === 0 ? 100 : Math.floor((read.bytes / read.size) * 100);
    this.#say(`${share}%  ${(read.bytes / MB).toFixed(0)} MB  ${read.items} items  ${read.comments} comments`);
  }

  step(name: string): void {
    if (this.#terminal) this.#say(`${name}…`);
  }

  /** Clears the line that moves. */
  end(): void {
    if (this.#terminal) this.#out.write('\r\x1b[K');
  }

  #say(line: string): void {
    this.#out.write(this.#terminal ? `\r\x1b[K${line}` : `${line}\n`);
  }
}
