import type { IncomingMessage } from 'node:http';
import { clientAddress } from '../auth/index.ts';

/** Counts what stays open, sockets and streams, by the address it comes from. */
export class ConnectionLimiter {
  readonly #most: number;
  readonly #hops: number;
  readonly #byAddress = new Map<string, number>();

  /**
   * @param most of one address
   * @param hops proxies whose word on X-Forwarded-For is taken
   */
  constructor(most: number, hops: number) {
    this.#most = most;
    this.#hops = hops;
  }

  /** @returns gives the place back, once; null when the address has all it may have */
  take(request: IncomingMessage): (() => void) | null {
    const address = clientAddress(request, this.#hops);
    const open = this.#byAddress.get(address) ?? 0;
    if (open >= this.#most) return null;
    this.#byAddress.set(address, open + 1);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      const left = this.#byAddress.get(address)! - 1;
      if (left > 0) this.#byAddress.set(address, left);
      else this.#byAddress.delete(address);
    };
  }
}
