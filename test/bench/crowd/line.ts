import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { Frames, frame, OPCODE } from './frames.ts';

/**
 * What sockets are read into, all of them: a chunk is dealt with before the next one comes. It saves the allocation that
 * a stream makes for each, which is most of what a reader would cost.
 */
const READ_INTO = Buffer.allocUnsafe(256 * 1024);

const END_OF_HEAD = '\r\n\r\n';

/** The connection ended without a close frame (RFC 6455, 7.4.1: never sent, only concluded). */
export const ABNORMAL = 1006;

export interface LineListener {
  /** The handshake is done. */
  opened(): void;
  /** A text message: bytes from `start` to `end`, good until this returns. */
  heard(data: Buffer, start: number, end: number): void;
  /** Called once, whoever ended it. */
  closed(code: number, reason: string): void;
}

/**
 * A WebSocket client of the least that is needed to hear much: `ws` takes about as long for a message as the servers
 * that are to be measured, on a machine where both run.
 */
export class Line {
  readonly #socket: Socket;
  readonly #listener: LineListener;
  readonly #frames = new Frames((opcode, data, start, end) => this.#hear(opcode, data, start, end));
  #head: Buffer | null = Buffer.alloc(0);
  #code = ABNORMAL;
  #reason = '';

  constructor(url: URL, listener: LineListener) {
    this.#listener = listener;
    this.#socket = connect({
      host: url.hostname,
      port: Number(url.port),
      noDelay: true,
      onread: {
        buffer: READ_INTO,
        callback: (size) => {
          this.#read(READ_INTO.subarray(0, size));
          return true;
        },
      },
    });
    this.#socket.on('error', (error) => {
      this.#reason ||= error.message;
    });
    this.#socket.once('close', () => listener.closed(this.#code, this.#reason));
    const head = [
      `GET ${url.pathname} HTTP/1.1`,
      `Host: ${url.host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      'Sec-WebSocket-Protocol: graphql-transport-ws',
    ];
    this.#socket.write(head.join('\r\n') + END_OF_HEAD);
  }

  say(message: unknown): void {
    this.#socket.write(frame(OPCODE.text, Buffer.from(JSON.stringify(message))));
  }

  /** Stops reading, as a phone in a tunnel does: what is sent waits in the network's buffers, then in the server's. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#socket.end(frame(OPCODE.close, Buffer.from([0x03, 0xe8])));
  }

  #read(chunk: Buffer): void {
    if (this.#head) this.#readHead(Buffer.concat([this.#head, chunk]));
    else this.#frames.read(chunk);
  }

  #readHead(data: Buffer): void {
    this.#head = data;
    const end = data.indexOf(END_OF_HEAD);
    if (end === -1) return;
    this.#head = null;
    const head = data.toString('latin1', 0, end);
    const rest = data.subarray(end + END_OF_HEAD.length);
    if (!head.startsWith('HTTP/1.1 101')) {
      this.#reason = head.split('\r\n', 1)[0]!;
      this.#socket.destroy();
      return;
    }
    this.#listener.opened();
    if (rest.length > 0) this.#frames.read(rest);
  }

  #hear(opcode: number, data: Buffer, start: number, end: number): void {
    if (opcode === OPCODE.text) {
      this.#listener.heard(data, start, end);
    } else if (opcode === OPCODE.ping) {
      this.#socket.write(frame(OPCODE.pong, Buffer.from(data.subarray(start, end))));
    } else if (opcode === OPCODE.close) {
      this.#code = end - start >= 2 ? data.readUInt16BE(start) : ABNORMAL;
      this.#reason = data.toString('utf8', start + 2, end);
      this.#socket.end(frame(OPCODE.close, Buffer.from(data.subarray(start, Math.min(end, start + 2)))));
    }
  }
}
