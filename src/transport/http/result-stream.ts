import type { ServerResponse } from 'node:http';
import type { EncodedResult, Encoding, EndReason, ResultSink } from '../../delivery/index.ts';
import { SocketWriter } from '../socket-writer.ts';
import { COMPLETE_ID } from './last-event-id.ts';
import { EVENT_STREAM, MULTIPART, type StreamType } from './media-types.ts';

/** Milliseconds in which a client may read the rest of a stream that has ended. */
const CLOSE_WITHIN = 120_000;
/** Milliseconds after which an EventSource connects again, and as many more at random: after a restart not all at once. */
const RECONNECT_AFTER = 1_000;

interface Format {
  contentType: string;
  /** Sent at once, so that the client knows that the stream is open. */
  opening(method: string | undefined): string;
  result: Encoding;
  /** Skipped by clients. */
  heartbeat: string;
  /** Sent instead to clients that want to see it. */
  heartbeatEvent: string;
  /**
   * Nothing more can come. Without it, clients take the end for a lost connection and connect again.
   * @param retryAfterSeconds null when a new subscription would have no results either
   */
  complete(retryAfterSeconds: number | null): string;
  /** The stream cannot continue on this connection. */
  interrupted: string;
}

function retryField(milliseconds: number): string {
  return `retry: ${Math.round(milliseconds * (1 + Math.random()))}\n`;
}

/** Each part ends with the boundary of the next, so that clients can read it at once. */
function part(json: string): string {
  // Apollo iOS 1 ends a part at this text wherever it is, as in a comment. In JSON, only strings can have it.
  const unbounded = json.replaceAll('--graphql', '-\\u002dgraphql');
  return `\r\ncontent-type: application/json\r\n\r\n${unbounded}\r\n--graphql`;
}

const INTERRUPTED = JSON.stringify({
  payload: null,
  errors: [
    {
      message: 'The subscription cannot continue on this connection: subscribe again, from the last cursor.',
      extensions: { code: 'SUBSCRIPTION_INTERRUPTED' },
    },
  ],
});

const FORMATS: Readonly<Record<StreamType, Format>> = {
  // GraphQL over server-sent events, distinct connections mode. The ids and `retry` are for a browser's EventSource, which
  // sends a GET. Clients of Hot Chocolate read what begins with `event` and `data`, and fail at all else but a comment.
  [EVENT_STREAM]: {
    contentType: EVENT_STREAM,
    opening: (method) => (method === 'GET' ? `:\n${retryField(RECONNECT_AFTER)}\n` : ':\n\n'),
    result: (json, cursor) => `event: next\ndata: ${json}\n${cursor === null ? '' : `id: ${cursor}\n`}\n`,
    heartbeat: ':\n\n',
    heartbeatEvent: 'event: heartbeat\ndata:\n\n',
    complete: (seconds) =>
      `event: complete\ndata:\n${seconds === null ? `id: ${COMPLETE_ID}\n` : retryField(seconds * 1_000)}\n`,
    interrupted: '',
  },
  // Apollo's multipart protocol for subscriptions, byte for byte as Apollo Router sends it: Apollo iOS compares
  // `subscriptionSpec=1.0` as text, and drops a first part whose boundary is at the very beginning.
  [MULTIPART]: {
    contentType: 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
    opening: () => '\r\n--graphql',
    result: (json) => part(`{"payload":${json}}`),
    heartbeat: part('{}'),
    heartbeatEvent: part('{}'),
    complete: () => '--\r\n',
    // Apollo iOS takes an end without it for the end of the subscription.
    interrupted: part(INTERRUPTED),
  },
};

export interface StreamOptions {
  type: StreamType;
  /** The heartbeats of an event stream are events, which a browser's EventSource sees, instead of comments. */
  wantsHeartbeats: boolean;
  /** Milliseconds. */
  heartbeatInterval: number;
}

/** A response whose body is results one after another. */
export class ResultStream implements ResultSink {
  readonly #response: ServerResponse;
  readonly #format: Format;
  readonly #heartbeat: string;
  readonly #writer: SocketWriter;
  readonly #heartbeats: NodeJS.Timeout;
  #wasFull = false;

  constructor(response: ServerResponse, { type, wantsHeartbeats, heartbeatInterval }: StreamOptions) {
    this.#response = response;
    this.#format = FORMATS[type];
    this.#heartbeat = wantsHeartbeats ? this.#format.heartbeatEvent : this.#format.heartbeat;
    this.#writer = new SocketWriter(response.socket!);
    response.writeHead(200, {
      'content-type': this.#format.contentType,
      'cache-control': 'no-store',
      // Otherwise nginx buffers the body.
      'x-accel-buffering': 'no',
    });
    response.write(this.#format.opening(response.req.method));
    this.#heartbeats = setInterval(() => this.#sendHeartbeat(), heartbeatInterval).unref();
    response.once('close', () => {
      clearInterval(this.#heartbeats);
      this.#writer.close();
    });
  }

  /** Its subscription leaves when the client has read the rest. Until then Node.js would throw for each further result. */
  get #hasEnded(): boolean {
    return this.#response.writableEnded;
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
    if (this.#hasEnded) return;
    this.#response.write(result.as(this.#format.result));
  }

  end(reason: EndReason, retryAfterSeconds: number | null = null): void {
    if (this.#hasEnded) return;
    clearInterval(this.#heartbeats);
    const { complete, interrupted } = this.#format;
    this.#response.end(reason === 'complete' ? complete(retryAfterSeconds) : interrupted);
    const closing = setTimeout(() => this.#response.destroy(), CLOSE_WITHIN).unref();
    this.#response.once('close', () => clearTimeout(closing));
  }

  #sendHeartbeat(): void {
    if (!this.isFull) this.#response.write(this.#heartbeat);
    // The client has read nothing since the last heartbeat. Its subscription ends with the `close` event.
    else if (this.#wasFull) this.#response.destroy();
    this.#wasFull = this.isFull;
  }
}
