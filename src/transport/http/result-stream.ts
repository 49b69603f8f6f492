import type { ServerResponse } from 'node:http';
import {
  type EncodedResult,
  type Encoding,
  type EndReason,
  type ResultSink,
  SocketWriter,
} from '../../delivery/index.ts';
import { EVENT_STREAM, MULTIPART, type StreamType } from './media-types.ts';

/** Milliseconds between signs of life: proxies close what is silent for a minute, some for half of one. */
const BEAT_EVERY = 12_000;
/** Milliseconds in which a client may read the rest of what ended. */
const CLOSE_WITHIN = 120_000;

interface Format {
  contentType: string;
  /** Sent at once, so that the client knows that it was let in. */
  opening: string;
  result: Encoding;
  /** A sign of life, which clients skip. */
  beat: string;
  /** Nothing more can come; without it, clients take the end for a loss and connect again. */
  complete: string;
}

const FORMATS: Readonly<Record<StreamType, Format>> = {
  // GraphQL over server-sent events, distinct connections mode.
  [EVENT_STREAM]: {
    contentType: EVENT_STREAM,
    opening: ':\n\n',
    result: (json) => `event: next\ndata: ${json}\n\n`,
    beat: ':\n\n',
    complete: 'event: complete\ndata:\n\n',
  },
  // Apollo's multipart protocol for subscriptions. Each part ends with the boundary of the next, so that it can be read
  // at once.
  [MULTIPART]: {
    contentType: 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"',
    opening: '--graphql',
    result: (json) => `\r\ncontent-type: application/json\r\n\r\n{"payload":${json}}\r\n--graphql`,
    beat: '\r\ncontent-type: application/json\r\n\r\n{}\r\n--graphql',
    complete: '--\r\n',
  },
};

/** A response that results are written to as they come. */
export class ResultStream implements ResultSink {
  readonly #response: ServerResponse;
  readonly #format: Format;
  readonly #outlet: SocketWriter;
  readonly #beating: NodeJS.Timeout;
  #wasFull = false;

  constructor(response: ServerResponse, type: StreamType) {
    this.#response = response;
    this.#format = FORMATS[type];
    this.#outlet = new SocketWriter(response.socket!);
    response.writeHead(200, {
      'content-type': this.#format.contentType,
      'cache-control': 'no-store',
      // nginx would gather what is sent.
      'x-accel-buffering': 'no',
    });
    response.write(this.#format.opening);
    this.#beating = setInterval(() => this.#beat(), BEAT_EVERY).unref();
    response.once('close', () => {
      clearInterval(this.#beating);
      this.#outlet.close();
    });
  }

  get isFull(): boolean {
    return this.#outlet.isFull;
  }

  whenDrained(then: () => void): void {
    this.#outlet.whenDrained(then);
  }

  batch(work: () => void): void {
    this.#outlet.batch(work);
  }

  send(result: EncodedResult): void {
    this.#response.write(result.as(this.#format.result));
  }

  end(ending: EndReason): void {
    clearInterval(this.#beating);
    this.#response.end(ending === 'complete' ? this.#format.complete : undefined);
    const closing = setTimeout(() => this.#response.destroy(), CLOSE_WITHIN).unref();
    this.#response.once('close', () => clearTimeout(closing));
  }

  #beat(): void {
    if (!this.isFull) this.#response.write(this.#format.beat);
    // Nothing was taken since the last time. The end tells whoever started it.
    else if (this.#wasFull) this.#response.destroy();
    this.#wasFull = this.isFull;
  }
}
