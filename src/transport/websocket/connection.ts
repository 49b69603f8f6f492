import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { RequestIdentity } from '../../auth/index.ts';
import { type EndReason, SocketWriter } from '../../delivery/index.ts';
import type { Subscription } from '../../execution/subscriptions.ts';
import { readRequestId } from '../request-id.ts';
import { textFrame } from './frame.ts';

/** Why the server closes a socket. graphql-ws's client tries again by itself after each but 4500. */
export const CLOSE = {
  /** Not now (RFC 6455's registry: Try Again Later). */
  unavailable: 1013,
  /** The gateway goes away; another one, or this one soon, takes over (Service Restart). */
  restart: 1012,
  /** The token is not valid, or no longer (graphql-transport-ws: Forbidden). */
  forbidden: 4403,
  /** It did not read for so long that what waits for it is no longer kept. It resumes from its last cursor. */
  slow: 4413,
  /** A fault of ours (graphql-transport-ws: Internal Server Error). */
  fault: 4500,
} as const;

/** A result, and what ends the message that it stands in. */
function messageEnd(json: string): string {
  return `${json}}`;
}

const DONE = { value: undefined, done: true } as const;

/** One socket, with what is known of it. */
export class SocketConnection {
  readonly socket: WebSocket;
  /** The request that opened it, until it is known who asks. */
  request: IncomingMessage | null;
  asker: RequestIdentity | null = null;
  /** Of the request that opened it. Each operation has an id of its own. */
  readonly requestId: string;
  /** Queries and mutations that are being answered. */
  running = 0;
  /** It has answered since it was last asked for a sign of life. */
  isAlive = true;
  forgetExpiry: () => void = () => {};
  readonly #outlet: SocketWriter;
  /**
   * How to let go of the operation that was begun last on each id. A client may complete an operation and use its id
   * for another at once, while graphql-ws has not come to the end of the first and would take it for that of the second.
   */
  readonly #operations = new Map<string, () => void>();

  constructor(socket: WebSocket, request: IncomingMessage) {
    this.socket = socket;
    this.request = request;
    this.requestId = readRequestId(request);
    this.#outlet = new SocketWriter(request.socket);
  }

  /** What was sent to it has not been taken. */
  get isFull(): boolean {
    return this.#outlet.isFull;
  }

  /** Nothing more is sent to it, however long it takes to be closed. */
  close(why: keyof typeof CLOSE, words: string): void {
    this.socket.close(CLOSE[why], words);
    this.#letGo();
  }

  /** It is closed: nothing of it is left behind. */
  closed(): void {
    this.forgetExpiry();
    this.#letGo();
    this.#outlet.close();
  }

  #letGo(): void {
    for (const letGo of [...this.#operations.values()]) letGo();
  }

  /** Has a query or mutation answered; never, where its id is another's by then. */
  async answer<Result>(id: string, answering: () => Promise<Result> | Result): Promise<Result> {
    let isWanted = true;
    const forget = this.#begin(id, () => {
      isWanted = false;
    });
    this.running += 1;
    try {
      return await answering();
    } finally {
      this.running -= 1;
      if (!isWanted) await new Promise(() => {});
      forget();
    }
  }

  /** @returns forgets the operation, which has ended */
  #begin(id: string, letGo: () => void): () => void {
    this.#operations.get(id)?.();
    this.#operations.set(id, letGo);
    return () => {
      if (this.#operations.get(id) === letGo) this.#operations.delete(id);
    };
  }

  /**
   * Starts a subscription whose results go straight to the socket. What graphql-ws gets to iterate only tells it when
   * the subscription ends, and is told by it when the client ends it.
   */
  deliver(id: string, subscription: Subscription): AsyncGenerator<never, void, void> {
    const outlet = this.#outlet;
    const { socket } = this;
    const head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
    let complete!: (done: typeof DONE) => void;
    const ended = new Promise<typeof DONE>((resolve) => {
      complete = resolve;
    });
    const forget = this.#begin(id, () => leave());
    const stop = (): void => {
      forget();
      leave();
    };
    const leave = subscription.start({
      get isFull() {
        return outlet.isFull;
      },
      whenDrained: (then) => outlet.whenDrained(then),
      batch: (work) => outlet.batch(work),
      send(result) {
        if (socket.readyState !== socket.OPEN) return;
        // ws would encode and copy it for each socket: with long results, most of the work and all of the garbage.
        const rest = result.as(messageEnd);
        outlet.write(textFrame(head, rest.length), rest);
      },
      end: (ending: EndReason) => {
        forget();
        if (ending === 'complete') complete(DONE);
        else if (ending === 'slow') this.close('slow', 'Read too slowly: resume from the last cursor');
        else this.close('restart', 'Resume from the last cursor');
      },
    });
    return {
      next: () => ended,
      // The client has ended it, and may be using its id for another already. graphql-ws, told of an end, would say so to
      // the client and forget that other one; untold, it lets go of this one.
      async return() {
        stop();
        return DONE;
      },
      async throw(error) {
        stop();
        throw error;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
      async [Symbol.asyncDispose]() {
        stop();
      },
    };
  }
}
