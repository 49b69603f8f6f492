import type { Socket } from 'node:net';

/**
 * The way out of one connection, for all subscriptions that it carries. What the network does not take waits in the
 * connection itself; past its high-water mark (16 KiB, since Node.js 22 64 KiB) the outlet is full.
 */
export class Outlet {
  readonly #socket: Socket;
  readonly #waiting = new Set<() => void>();
  #isListening = false;
  readonly #onDrain = (): void => {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const then of waiting) then();
  };

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  get isFull(): boolean {
    return this.#socket.writableNeedDrain;
  }

  whenDrained(then: () => void): void {
    if (!this.#isListening) this.#socket.on('drain', this.#onDrain);
    this.#isListening = true;
    this.#waiting.add(then);
  }

  /** Writes bytes that belong together, without copying them. */
  write(first: Buffer, rest: Buffer): void {
    this.#socket.cork();
    this.#socket.write(first);
    this.#socket.write(rest);
    this.#socket.uncork();
  }

  /** What is written in `work` goes out by one call of the system. */
  together(work: () => void): void {
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
    this.#waiting.clear();
  }
}
