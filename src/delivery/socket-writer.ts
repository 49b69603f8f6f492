import type { Socket } from 'node:net';

/**
 * The way out of one connection, for all subscriptions that it carries. What the network does not take waits in the
 * connection itself; past its high-water mark (16 KiB, since Node.js 22 64 KiB) the outlet is full.
 */
export class SocketWriter {
  readonly #socket: Socket;
  // Not a Set: one that lives long and is emptied often keeps what was in it alive until the whole heap is collected, as
  // each of its tables points to the next.
  #waiting: (() => void)[] = [];
  #isListening = false;
  readonly #onDrain = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const then of waiting) then();
  };

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  get isFull(): boolean {
    // Not `writableNeedDrain`: that says so for a moment even where the network has taken everything at once.
    return this.#socket.writableLength >= this.#socket.writableHighWaterMark;
  }

  whenDrained(then: () => void): void {
    if (!this.#isListening) this.#socket.on('drain', this.#onDrain);
    this.#isListening = true;
    this.#waiting.push(then);
  }

  /** Writes bytes that belong together, without copying them. */
  write(first: Buffer, rest: Buffer): void {
    this.#socket.cork();
    this.#socket.write(first);
    this.#socket.write(rest);
    this.#socket.uncork();
  }

  /** What is written in `work` goes out by one call of the system. */
  batch(work: () => void): void {
    this.#socket.cork();
    try {
      work();
    } finally {
      this.#socket.uncork();
    }
  }

  /** Nothing more goes out. */
  close(): void {
    this.#socket.off('drain', this.#onDrain);
    this.#waiting = [];
  }
}
