import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ConnectionLimiter } from '../connection-limiter.ts';
import { ResultStream, type StreamOptions } from './result-stream.ts';

/** The event streams and multipart bodies that are open. */
export class OpenStreams {
  readonly #limiter: ConnectionLimiter;
  readonly #heartbeatInterval: number;
  readonly #open = new Set<ResultStream>();

  /** @param heartbeatInterval milliseconds */
  constructor(limiter: ConnectionLimiter, heartbeatInterval: number) {
    this.#limiter = limiter;
    this.#heartbeatInterval = heartbeatInterval;
  }

  get size(): number {
    return this.#open.size;
  }

  /** @returns null when the client's address has as many connections as it may have */
  open(
    request: IncomingMessage,
    response: ServerResponse,
    options: Omit<StreamOptions, 'heartbeatInterval'>,
  ): ResultStream | null {
    const release = this.#limiter.acquire(request);
    if (!release) return null;
    const stream = new ResultStream(response, { ...options, heartbeatInterval: this.#heartbeatInterval });
    this.#open.add(stream);
    response.once('close', () => {
      this.#open.delete(stream);
      release();
    });
    return stream;
  }

  /** Ends all streams so that their clients connect again, to another gateway or to this one after its restart. */
  restartAll(): void {
    for (const stream of this.#open) stream.end('restart');
  }
}
