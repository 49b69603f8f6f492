import type { WakeUp } from './pending-wake-ups.ts';

/** One connection to the server that carries wake-ups between gateways. It is given one request at a time. */
export interface BusConnection {
  /** @throws the reason when the server cannot be reached */
  connect(): Promise<void>;
  /** Resolves when every later wake-up of the topics is received. */
  subscribe(topics: readonly string[]): Promise<void>;
  unsubscribe(topics: readonly string[]): Promise<void>;
  publish(wakeUps: readonly WakeUp[]): Promise<void>;
  /** Resolves when the server answers, on every connection that this one consists of. */
  ping(): Promise<void>;
  /** Closes it at once; requests under way fail. */
  close(): Promise<void>;
}

export interface BusConnectionEvents {
  /** Another gateway woke a topic. */
  onWake(topic: string, sequence: number): void;
  /** The connection has ended, for any reason. */
  onLost(cause: unknown): void;
}
