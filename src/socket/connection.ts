import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Asker } from '../auth/asker.ts';
import type { Subscription } from '../http/subscriptions.ts';
import { Outlet } from '../live/outlet.ts';
import type { Ending } from '../live/sink.ts';

/**
 * Why the server closes a socket. After all but 4413 clients try again by themselves; after that one, those do that
 * were told to.
 */
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

const DONE = { value: undefined, done: true } as const;

/** One socket, with what is known of it. */
export class Connection {
  readonly socket: WebSocket;
  /** The request that opened it, until it is known who asks. */
  request: IncomingMessage | null;
  asker: Asker | null = null;
  /** Queries and mutations that are being answered. */
  running = 0;
  /** It has answered since it was last asked for a sign of life. */
  isAlive = true;
  forgetExpiry: () => void = () => {};
  readonly #outlet: Outlet;

  constructor(socket: WebSocket, request: IncomingMessage) {
    this.socket = socket;
    this.request = request;
    this.#outlet = new Outlet(request.socket);
  }

  /** What was sent to it has not been taken. */
  get isFull(): boolean {
    return this.#outlet.isFull;
  }

  close(why: keyof typeof CLOSE, words: string): void {
    this.socket.close(CLOSE[why], words);
  }

  /** It is closed: nothing of it is left behind. */
  closed(): void {
    this.forgetExpiry();
    this.#outlet.close();
  }

  /**
   * Starts a subscription whose results go straight to the socket. What graphql-ws gets to iterate only tells it when
   * the subscription ends, and is told by it when the client ends it.
   */
  deliver(id: string, subscription: Subscription): AsyncGenerator<never, void, void> {
    const outlet = this.#outlet;
    const { socket } = this;
    const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
    let complete!: (done: typeof DONE) => void;
    const ended = new Promise<typeof DONE>((resolve) => {
      complete = resolve;
    });
    const stop = subscription.start({
      get isFull() {
        return outlet.isFull;
      },
      whenDrained: (then) => outlet.whenDrained(then),
      together: (work) => outlet.together(work),
      send: (result) => socket.send(`${head}${result}}`),
      end: (ending: Ending) => {
        if (ending === 'complete') complete(DONE);
        else if (ending === 'slow') this.close('slow', 'Read too slowly: resume from the last cursor');
        else this.close('restart', 'Resume from the last cursor');
      },
    });
    return {
      next: () => ended,
      async return() {
        stop();
        complete(DONE);
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
