import type { Socket } from 'node:net';

/** Requests of one connection that may wait for the responses before theirs. Common clients send none ahead. */
const MAX_WAITING = 100;

interface Turns {
  isBusy: boolean;
  waiting: (() => void)[];
}

/**
 * Handles the requests of each connection one after another. A client that sends requests ahead and does not read would
 * otherwise have all of their responses in memory. While requests wait, the connection is not read.
 */
export class RequestOrder {
  readonly #connections = new WeakMap<Socket, Turns>();

  /**
   * @param handle called when all responses before are sent; `finish` must be called after its own
   * @returns false when too many requests wait already
   */
  add(socket: Socket, handle: () => void): boolean {
    const turns = this.#turnsOf(socket);
    if (!turns.isBusy) {
      turns.isBusy = true;
      handle();
      return true;
    }
    if (turns.waiting.length >= MAX_WAITING) return false;
    turns.waiting.push(handle);
    socket.pause();
    return true;
  }

  /** The response of the request that is being handled was sent. */
  finish(socket: Socket): void {
    const turns = this.#turnsOf(socket);
    const next = turns.waiting.shift();
    turns.isBusy = next !== undefined;
    if (socket.destroyed || !next) return;
    // Node.js reads on when it has sent a response.
    if (turns.waiting.length > 0) socket.pause();
    else socket.resume();
    next();
  }

  /** Calls back when all responses are sent and nothing is being handled, at once if that is so. @returns as `add` */
  whenIdle(socket: Socket, callback: () => void): boolean {
    return this.add(socket, () => {
      this.#turnsOf(socket).isBusy = false;
      callback();
    });
  }

  #turnsOf(socket: Socket): Turns {
    let turns = this.#connections.get(socket);
    if (!turns) {
      turns = { isBusy: false, waiting: [] };
      this.#connections.set(socket, turns);
    }
    return turns;
  }
}
