import type { IncomingMessage } from 'node:http';
import { clientAddress } from '../auth/index.ts';

const MEGABYTE = 1_000_000;
/** Requests that may be in progress together: each takes some 10 kB besides its body and its response. */
const MAX_REQUESTS = 10_000;
/** Bytes of request bodies that are held at a time: eight of the largest for one address. */
const MAX_RECEIVED = 64 * MEGABYTE;
const MAX_RECEIVED_PER_ADDRESS = 8 * MEGABYTE;
/** Bytes of a subscription's request that do not count while it is open: more than documents and variables of front ends have. */
const FREE_OF_SUBSCRIPTION = 8_192;
/** Bytes of responses that clients have not read yet: three of the largest for one address. */
const MAX_UNSENT = 128 * MEGABYTE;
const MAX_UNSENT_PER_ADDRESS = 48 * MEGABYTE;

/** Whose limit is reached: that of the client's address, or that of the whole gateway. */
export type Overload = 'address' | 'gateway';

interface Usage {
  requests: number;
  /** Bytes. */
  received: number;
  /** Bytes. */
  unsent: number;
}

interface AddressUsage extends Usage {
  address: string;
  /** Shares that refer to it. */
  shares: number;
}

/** Counts what clients occupy, by address and in all: requests in progress, their bodies, and responses that are not read. */
export class Admission {
  readonly #maxRequestsPerAddress: number;
  readonly #trustedProxies: number;
  readonly #byAddress = new Map<string, AddressUsage>();
  readonly #owner: ShareOwner;
  readonly total: Usage = { requests: 0, received: 0, unsent: 0 };
  /** Called when unread responses reach the gateway's limit: connections that make no progress can be closed. */
  onPressure: () => void = () => {};
  /** Called when something is refused. */
  onRefusal: (overload: Overload) => void = () => {};

  /** @param trustedProxies see `clientAddress` */
  constructor(maxRequestsPerAddress: number, trustedProxies: number) {
    this.#maxRequestsPerAddress = maxRequestsPerAddress;
    this.#trustedProxies = trustedProxies;
    this.#owner = {
      total: this.total,
      onPressure: () => this.onPressure(),
      refuse: (overload) => this.#refuse(overload),
      forget: (usage) => this.#forget(usage),
    };
  }

  addressOf(request: IncomingMessage): string {
    return clientAddress(request, this.#trustedProxies);
  }

  /** Begins a request of an address. */
  begin(address: string): Share | Overload {
    if (this.total.requests >= MAX_REQUESTS) return this.#refuse('gateway');
    const usage = this.#usageOf(address);
    if (usage.requests >= this.#maxRequestsPerAddress) return this.#refuse('address');
    usage.requests += 1;
    this.total.requests += 1;
    return this.#share(usage, 1);
  }

  /** A share for the bytes of a connection, which is no request. */
  connect(address: string): Share {
    return this.#share(this.#usageOf(address), 0);
  }

  #refuse(overload: Overload): Overload {
    this.onRefusal(overload);
    return overload;
  }

  #usageOf(address: string): AddressUsage {
    return this.#byAddress.get(address) ?? { address, shares: 0, requests: 0, received: 0, unsent: 0 };
  }

  #share(usage: AddressUsage, requests: number): Share {
    if (usage.shares === 0) this.#byAddress.set(usage.address, usage);
    usage.shares += 1;
    return new Share({ owner: this.#owner, usage, requests });
  }

  #forget(usage: AddressUsage): void {
    usage.shares -= 1;
    if (usage.shares === 0) this.#byAddress.delete(usage.address);
  }
}

/** What all shares have in common. */
interface ShareOwner {
  total: Usage;
  onPressure(): void;
  refuse(overload: Overload): Overload;
  forget(usage: AddressUsage): void;
}

interface ShareOptions {
  owner: ShareOwner;
  usage: AddressUsage;
  requests: number;
}

/** What one request or one connection occupies. */
export class Share {
  readonly #options: ShareOptions;
  #requests: number;
  #received = 0;
  #unsent = 0;
  #isReleased = false;

  constructor(options: ShareOptions) {
    this.#options = options;
    this.#requests = options.requests;
  }

  /** Adds bytes of a request's body that are held. @returns null when they fit */
  receive(bytes: number): Overload | null {
    const { owner, usage } = this.#options;
    const { total } = owner;
    if (this.#isReleased) return null;
    if (usage.received + bytes > MAX_RECEIVED_PER_ADDRESS) return owner.refuse('address');
    if (total.received + bytes > MAX_RECEIVED) return owner.refuse('gateway');
    this.#received += bytes;
    usage.received += bytes;
    total.received += bytes;
    return null;
  }

  /** Adds bytes of a response before they are written. @returns null when they fit */
  hold(bytes: number): Overload | null {
    const { owner, usage } = this.#options;
    if (this.#isReleased) return null;
    if (usage.unsent + bytes > MAX_UNSENT_PER_ADDRESS) return owner.refuse('address');
    if (owner.total.unsent + bytes > MAX_UNSENT) {
      owner.onPressure();
      return owner.refuse('gateway');
    }
    this.#addUnsent(bytes);
    return null;
  }

  /** The network has taken bytes that were added by `hold`. */
  sent(bytes: number): void {
    if (!this.#isReleased) this.#addUnsent(-bytes);
  }

  /**
   * The request goes on as a subscription, which is no request in progress. It holds its document and variables, so what is
   * long of them counts until the release.
   */
  becomeSubscription(): void {
    if (this.#isReleased) return;
    this.#endRequest();
    this.#free(Math.min(this.#received, FREE_OF_SUBSCRIPTION));
  }

  /** Gives everything back, at the first call. */
  release(): void {
    if (this.#isReleased) return;
    const { owner, usage } = this.#options;
    this.#addUnsent(-this.#unsent);
    this.#free(this.#received);
    this.#endRequest();
    this.#isReleased = true;
    owner.forget(usage);
  }

  #endRequest(): void {
    const { owner, usage } = this.#options;
    usage.requests -= this.#requests;
    owner.total.requests -= this.#requests;
    this.#requests = 0;
  }

  #free(bytes: number): void {
    const { owner, usage } = this.#options;
    this.#received -= bytes;
    usage.received -= bytes;
    owner.total.received -= bytes;
  }

  #addUnsent(bytes: number): void {
    const { owner, usage } = this.#options;
    this.#unsent += bytes;
    usage.unsent += bytes;
    owner.total.unsent += bytes;
  }
}
