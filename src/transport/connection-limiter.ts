import type { IncomingMessage } from 'node:http';
import { clientAddress } from '../auth/index.ts';

/** Limits the connections that stay open, WebSockets and streams together, of each client address. */
export class ConnectionLimiter {
  readonly #maxPerAddress: number;
  readonly #trustedProxies: number;
  readonly #openByAddress = new Map<string, number>();
  /** Called when a connection is refused. */
  onRefusal: () => void = () => {};

  /** @param trustedProxies see `clientAddress` */
  constructor(maxPerAddress: number, trustedProxies: number) {
    this.#maxPerAddress = maxPerAddress;
    this.#trustedProxies = trustedProxies;
  }

  /** @returns releases the connection, at the first call; null when the address has as many as it may have */
  acquire(request: IncomingMessage): (() => void) | null {
    const address = clientAddress(request, this.#trustedProxies);
    const open = this.#openByAddress.get(address) ?? 0;
    if (open >= this.#maxPerAddress) {
      this.onRefusal();
      return null;
    }
    this.#openByAddress.set(address, open + 1);
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      const left = this.#openByAddress.get(address)! - 1;
      if (left > 0) this.#openByAddress.set(address, left);
      else this.#openByAddress.delete(address);
    };
  }
}
