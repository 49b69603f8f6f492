import type { ServerResponse } from 'node:http';
import type { EncodedResult, Encoding, EndReason, ResultSink } from '../../delivery/index.ts';
import { SocketWriter } from '../socket-writer.ts';
import { EVENT_STREAM, MULTIPART, type StreamType } from './media-types.ts';

/** Milliseconds between heartbeats: proxies close a connection that is silent for a minute, some for half of one. */
const HEARTBEAT_INTERVAL = 12_000;
/** Milliseconds in which a client may read the rest of a stream that has ended. */
const CLOSE_WITHIN = 120_000;

interface Format {
  contentType: string;
  /** Sent at once, so that the client knows that the stream is open. */
  opening: string;
  result: Encoding;
  /** Skipped by clients. */
  heartbeat: string;
  /** Nothing more can come. Without it, clients take the end for a lost connection and connect again. */
  complete: string;
}

const FORMATS: Readonly<Record<StreamType, Format>> = {
  // GraphQL over server-sent events, distinct connections mode.
  [EVENT_STREAM]: {
    contentType: EVENT_STREAM,
    opening: ':\n\n',
    result: (json) => `event: next\ndata: ${json}\n\n`,
    heartbeat: ':\n\n',
    complete: 'event: complete\ndata:\n\n',
  },
  // Apollo's multipart protocol for subscriptions. Each part ends with the boundary of the next, so that clients can
  // read it at once.
  [MULTIPART]: {
    contentType: 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"',
    opening: '--graphql',
    result: (json) => `\r\ncontent-type: application/json\r\n\r\n{"payload":${json}}\r\n--graphql`,
    heartbeat: '\r\ncontent-type: application/json\r\n\r\n{}\r\n--graphql',
    complete: '--\r\n',
  },
};

/** A response whose body is results one after another. */
export class ResultStream implements ResultSink {
  readonly #response: ServerResponse;
  readonly #format: Format;
  readonly #writer: SocketWriter;
  readonly #heartbeats: NodeJS.Timeout;
  #wasFull = false;

  constructor(response: ServerResponse, type: StreamType) {
    this.#response = response;
    this.#format = FORMATS[type];
    this.#writer = new SocketWriter(response.socket!);
    response.writeHead(200, {
      'content-type': this.#format.contentType,
      'cache-control': 'no-store',
      // Otherwise nginx buffers the body.
      'x-accel-buffering': 'no',
    });
    response.write(this.#format.opening);
    this.#heartbeats = setInterval(() => this.#sendHeartbeat(), HEARTBEAT_INTERVAL).unref();
    response.once('close', () => {
      clearInterval(this.#heartbeats);
      this.#writer.close();
    });
  }

  get isFull(): boolean {
    return this.#writer.isFull;
  }

  whenDrained(then: () => void): void {
    this.#writer.whenDrained(then);
  }

  batch(work: () => void): void {
    this.#writer.batch(work);
  }

  send(result: EncodedResult): void {
    this.#response.write(result.as(this.#format.result));
  }

  end(reason: EndReason): void {
    clearInterval(this.#heartbeats);
    this.#response.end(reason === 'complete' ? this.#format.complete : undefined);
    const closing = setTimeout(() => this.#response.destroy(), CLOSE_WITHIN).unref();
    this.#response.once('close', () => clearTimeout(closing));
  }

  #sendHeartbeat(): void {
    if (!this.isFull) this.#response.write(this.#format.heartbeat);
    // The client has read nothing since the last heartbeat. Its subscription ends with the `close` event.
    else if (this.#wasFull) this.#response.destroy();
    this.#wasFull = this.isFull;
  }
}
