import type { IncomingMessage, ServerResponse } from 'node:http';
import { bytesTaken } from '../write-progress.ts';

/** Milliseconds between looks at the open requests. */
const LOOK_INTERVAL = 5_000;
/** Bytes of a body that must arrive between two looks, which the slowest mobile networks exceed ten times. */
const MIN_BODY_PROGRESS = 1_000;
/** Looks at which a body may have made too little progress: ten to fifteen seconds. */
const MAX_BODY_STALLS = 3;
/**
 * Looks at which nothing more of a response may have been taken: a minute. The kernel buffers up to 4 MB of a response,
 * and reports the progress of a client only from time to time.
 */
const MAX_RESPONSE_STALLS = 12;

interface Progress {
  response: ServerResponse;
  /** Where it is among the open requests. */
  index: number;
  bytes: number;
  stalls: number;
}

/** The requests in progress, with a deadline for bodies that do not arrive and for responses that are not read. */
export class OpenRequests {
  /**
   * In no order. Not a Map: each time that a Map in the old generation is rehashed, its former table keeps the entries of
   * that moment until a full garbage collection.
   */
  readonly #open: Progress[] = [];
  readonly #looking: NodeJS.Timeout;
  readonly #onBodyStall: (request: IncomingMessage, response: ServerResponse) => void;

  /** @param onBodyStall answers a request whose body does not arrive */
  constructor(onBodyStall: (request: IncomingMessage, response: ServerResponse) => void) {
    this.#onBodyStall = onBodyStall;
    this.#looking = setInterval(() => this.#look(), LOOK_INTERVAL).unref();
  }

  get size(): number {
    return this.#open.length;
  }

  /** @returns removes it */
  add(response: ServerResponse): () => void {
    const progress: Progress = { response, index: this.#open.length, bytes: 0, stalls: 0 };
    this.#open.push(progress);
    return () => {
      // The last one takes its place.
      const last = this.#open.pop()!;
      if (last === progress) return;
      last.index = progress.index;
      this.#open[last.index] = last;
    };
  }

  /** Closes the connections whose clients have read nothing since the look before last. */
  dropStalled(): void {
    for (const { response, stalls } of [...this.#open]) if (stalls > 0 && isUnread(response)) response.destroy();
  }

  close(): void {
    clearInterval(this.#looking);
  }

  #look(): void {
    for (const progress of [...this.#open]) {
      const { response } = progress;
      const { req: request } = response;
      if (isUnread(response)) {
        if (isStalled(progress, bytesTaken(request.socket), 1) && progress.stalls >= MAX_RESPONSE_STALLS)
          response.destroy();
      } else if (isReadingBody(request) && !response.headersSent) {
        if (isStalled(progress, request.socket.bytesRead, MIN_BODY_PROGRESS) && progress.stalls >= MAX_BODY_STALLS)
          this.#onBodyStall(request, response);
      } else {
        progress.stalls = 0;
      }
    }
  }
}

/** A response that is written in pieces, as a picture is, waits for its client before it ends. A stream of results may wait for ever. */
function isUnread(response: ServerResponse): boolean {
  const isWaiting = response.writableEnded || (response.writableNeedDrain && response.hasHeader('content-length'));
  return isWaiting && !response.writableFinished;
}

/** A body that is not read, as during authentication, makes no progress either. */
function isReadingBody(request: IncomingMessage): boolean {
  return !request.complete && request.readableFlowing === true;
}

function isStalled(progress: Progress, bytes: number, least: number): boolean {
  // At the first look there is nothing to compare with.
  const hasMoved = progress.bytes === 0 || Math.abs(bytes - progress.bytes) >= least;
  progress.bytes = bytes;
  progress.stalls = hasMoved ? 0 : progress.stalls + 1;
  return !hasMoved;
}
