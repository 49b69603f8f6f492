/** Frames that one WebSocket may send at once, and in a second for long. A page that connects again sends a hundred at once. */
const OF_SOCKET = { burst: 500, perSecond: 20 };
/** The same for all WebSockets of one address. A proxy may have all readers behind it, who answer pings and connect again. */
const OF_ADDRESS = { burst: 50_000, perSecond: 2_000 };
/**
 * Frames in a second beyond these, of all WebSockets together: some tenth of a processor's time. Addresses have equal parts of
 * it, and so have the WebSockets of each.
 */
const BEYOND = 10_000;
/** Most of these for one WebSocket. */
const BEYOND_OF_SOCKET = 1_000;
/** Milliseconds between looks at the WebSockets that are not read. */
const LOOK_INTERVAL = 20;

/** A WebSocket whose reading can be interrupted. */
export interface FloodedSocket {
  pause(): void;
  resume(): void;
}

interface Address {
  name: string;
  sockets: number;
  frames: Allowance;
  /** WebSockets that are not read. */
  paused: Set<SocketFrames>;
}

/**
 * Reads WebSockets more slowly that send more frames than clients do, because each takes some microseconds, also one that asks
 * for nothing. They are not closed: what they send waits in the network.
 */
export class FloodControl {
  readonly #addresses = new Map<string, Address>();
  readonly #paused = new Set<Address>();
  #looking: NodeJS.Timeout | null = null;
  #lookedAt = 0;

  /** Counts the frames of a WebSocket until it is closed. */
  open(name: string, socket: FloodedSocket): SocketFrames {
    const address = this.#addresses.get(name) ?? {
      name,
      sockets: 0,
      frames: new Allowance(OF_ADDRESS),
      paused: new Set(),
    };
    this.#addresses.set(name, address);
    address.sockets += 1;
    const frames: SocketFrames = new SocketFrames({
      socket,
      ofAddress: address.frames,
      onExcess: () => this.#pause(address, frames),
      onClose: () => this.#forget(address, frames),
    });
    return frames;
  }

  #pause(address: Address, frames: SocketFrames): void {
    address.paused.add(frames);
    this.#paused.add(address);
    if (this.#looking) return;
    this.#lookedAt = performance.now();
    this.#looking = setInterval(() => this.#look(), LOOK_INTERVAL).unref();
  }

  #forget(address: Address, frames: SocketFrames): void {
    this.#unpause(address, frames);
    address.sockets -= 1;
    if (address.sockets === 0) this.#addresses.delete(address.name);
  }

  #unpause(address: Address, frames: SocketFrames): void {
    address.paused.delete(frames);
    if (address.paused.size === 0) this.#paused.delete(address);
    if (this.#paused.size > 0 || !this.#looking) return;
    clearInterval(this.#looking);
    this.#looking = null;
  }

  #look(): void {
    const now = performance.now();
    const seconds = (now - this.#lookedAt) / 1_000;
    this.#lookedAt = now;
    const ofAddress = (seconds * BEYOND) / this.#paused.size;
    for (const address of [...this.#paused]) {
      const ofSocket = Math.min(seconds * BEYOND_OF_SOCKET, ofAddress / address.paused.size);
      for (const frames of [...address.paused]) if (frames.makeUpFor(ofSocket)) this.#unpause(address, frames);
    }
  }
}

interface SocketFramesOptions {
  socket: FloodedSocket;
  ofAddress: Allowance;
  onExcess(): void;
  onClose(): void;
}

/** The frames of one WebSocket. */
export class SocketFrames {
  readonly #options: SocketFramesOptions;
  readonly #allowance = new Allowance(OF_SOCKET);
  /** Frames beyond the allowances that the WebSocket has not waited for yet. While there are any, it is not read. */
  #excess = 0;

  constructor(options: SocketFramesOptions) {
    this.#options = options;
  }

  /** Counts a frame that has arrived. Some more may arrive after the WebSocket was paused, as they were read already. */
  count(): void {
    const { socket, ofAddress, onExcess } = this.#options;
    const now = performance.now();
    const isOfSocket = this.#allowance.take(now);
    const isOfAddress = ofAddress.take(now);
    if (isOfSocket && isOfAddress && this.#excess === 0) return;
    this.#excess += 1;
    if (this.#excess > 1) return;
    socket.pause();
    onExcess();
  }

  /** @returns whether the WebSocket has waited for all frames, and is read again */
  makeUpFor(frames: number): boolean {
    this.#excess = Math.max(0, this.#excess - frames);
    if (this.#excess > 0) return false;
    this.#options.socket.resume();
    return true;
  }

  close(): void {
    this.#options.onClose();
  }
}

/** Frames that may be sent: so many at once, and after them so many in a second. */
class Allowance {
  readonly #burst: number;
  readonly #perSecond: number;
  #left: number;
  #since = performance.now();

  constructor({ burst, perSecond }: { burst: number; perSecond: number }) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#left = burst;
  }

  /** @returns whether the frame is within the allowance */
  take(now: number): boolean {
    this.#left = Math.min(this.#burst, this.#left + ((now - this.#since) / 1_000) * this.#perSecond);
    this.#since = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
