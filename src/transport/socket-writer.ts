import type { Socket } from 'node:net';

/**
 * Writes to one connection, for all subscriptions that it carries. What the network does not take stays in the socket;
 * above the socket's high-water mark (16 KiB, since Node.js 22 64 KiB) the writer is full.
 */
export class SocketWriter {
  readonly #socket: Socket;
  // Not a Set: one that lives long and is emptied often keeps what was in it alive until the whole heap is collected, as
  // each of its tables points to the next.
  #waiting: (() => void)[] = [];
  #isListening = false;
  #isBatching = false;
  readonly #onDrain = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const callback of waiting) callback();
  };

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  get isFull(): boolean {
    // Not `writableNeedDrain`, which is true for a moment even when the network has taken everything at once.
    return this.#socket.writableLength >= this.#socket.writableHighWaterMark;
  }

  whenDrained(callback: () => void): void {
    if (!this.#isListening) this.#socket.on('drain', this.#onDrain);
    this.#isListening = true;
    this.#waiting.push(callback);
  }

  /**
   * Writes the two parts of one message, without copying them.
   * @param onTaken called when the network has taken them, or never will
   */
  write(first: Buffer, rest: Buffer, onTaken?: () => void): void {
    this.#socket.cork();
    this.#socket.write(first);
    this.#socket.write(rest, onTaken);
    this.#socket.uncork();
  }

  /**
   * Sends everything that is written in this tick with one system call: what `work` writes, and what other subscriptions on the
   * connection write then. They are often notified of the same event.
   */
  batch(work: () => void): void {
    if (!this.#isBatching) {
      this.#isBatching = true;
      this.#socket.cork();
      process.nextTick(() => {
        this.#isBatching = false;
        this.#socket.uncork();
      });
    }
    work();
  }

  /** Stops waiting for the socket; callbacks are dropped. */
  close(): void {
    this.#socket.off('drain', this.#onDrain);
    this.#waiting = [];
  }
}
