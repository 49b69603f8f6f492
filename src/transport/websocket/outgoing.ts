import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Share } from '../admission.ts';
import { SocketWriter } from '../socket-writer.ts';
import { bytesTaken } from '../write-progress.ts';
import { textFrame } from './frame.ts';

/**
 * Bytes of short messages (acknowledgements, errors, pongs) that may wait for a client. What the client sends is not
 * read while data waits, so only the answers to one packet can exceed it.
 */
const MAX_WAITING = 1_000_000;
/** Bytes from which a subscription's result is counted for its address until the network has taken it. */
const LARGE_RESULT = 65_536;

interface OutgoingOptions {
  webSocket: WebSocket;
  /** The TCP connection below. */
  socket: Socket;
  /** Of the connection, for what no single operation is counted for. */
  share: Share;
  /** Called when the client reads too slowly for what must be sent to it. */
  onSlow(): void;
}

/** What is written to one WebSocket. Its size is bounded for each kind of message. */
export class Outgoing {
  readonly #options: OutgoingOptions;
  readonly writer: SocketWriter;
  #waiting = 0;
  #taken = 0;

  constructor(options: OutgoingOptions) {
    this.#options = options;
    this.writer = new SocketWriter(options.socket);
  }

  get isOpen(): boolean {
    const { webSocket } = this.#options;
    return webSocket.readyState === webSocket.OPEN;
  }

  /** Whether the network has taken anything since the last call. */
  hasMoved(): boolean {
    const taken = bytesTaken(this.#options.socket);
    const hasMoved = taken !== this.#taken;
    this.#taken = taken;
    return hasMoved;
  }

  /** Sends a short message. Does nothing for a client that has disconnected: the `close` event ends its operations. */
  sendText(text: string): Promise<void> {
    const bytes = Buffer.byteLength(text);
    const { webSocket, share } = this.#options;
    if (!this.isOpen) return Promise.resolve();
    if (this.#waiting + bytes > MAX_WAITING || share.hold(bytes) !== null) {
      this.#options.onSlow();
      return Promise.resolve();
    }
    this.#waiting += bytes;
    return new Promise((resolve) => {
      webSocket.send(text, () => {
        this.#waiting -= bytes;
        share.sent(bytes);
        resolve();
      });
    });
  }

  /** Sends a result of a subscription. @param head the beginning of the message, before the result */
  sendEvent(head: Buffer, rest: Buffer): void {
    if (!this.isOpen) return;
    // ws would encode and copy the result for each socket: with long results, most of the work and all of the garbage.
    const frame = textFrame(head, rest.length);
    const { share, onSlow } = this.#options;
    if (rest.length < LARGE_RESULT) this.writer.write(frame, rest);
    else if (share.hold(rest.length) === null) this.writer.write(frame, rest, () => share.sent(rest.length));
    else onSlow();
  }

  /**
   * Sends the result of a query or mutation, which is counted already, when the network has taken what was sent before.
   * @param isWanted asked when it can be sent
   */
  async sendResult(head: Buffer, rest: Buffer, isWanted: () => boolean): Promise<void> {
    while (this.isOpen && this.writer.isFull) await new Promise<void>((resolve) => this.writer.whenDrained(resolve));
    if (!this.isOpen || !isWanted()) return;
    await new Promise<void>((resolve) => this.writer.write(textFrame(head, rest.length), rest, resolve));
  }

  close(): void {
    this.writer.close();
    this.#options.share.release();
  }
}
