/**
 * Called when a log has come to a sequence; null when wake-ups may have been lost, as while the bus was away: whoever
 * watches looks at the log itself.
 */
export type WakeListener = (sequence: number | null) => void;

/**
 * Wakes the readers of logs. It says that a log has come to a sequence and carries nothing else; it may lose a call or
 * bring it twice, for the log is the truth.
 */
export interface Bus {
  /** Tells everyone who watches the topic, here and on other gateways. Never throws, and nobody waits for it. */
  wake(topic: string, sequence: number): void;
  /**
   * Calls the listener with null once what is woken from then on is heard, and whenever it may have missed something.
   * @returns stops watching
   */
  watch(topic: string, listener: WakeListener): () => void;
  /** False while wake-ups of other gateways are not heard. */
  readonly isConnected: boolean;
  close(): Promise<void>;
}

/** The topic of one article's log. */
export function articleTopic(articleId: number): string {
  return `article:${articleId}`;
}

/** The topic of the log of publications. */
export const PUBLICATIONS_TOPIC = 'publications';

/** Who watches what within one process: what every bus begins with. */
export class TopicListeners {
  readonly #listeners = new Map<string, Set<WakeListener>>();

  get topics(): string[] {
    return [...this.#listeners.keys()];
  }

  /** @returns true for the topic's first */
  add(topic: string, listener: WakeListener): boolean {
    const listeners = this.#listeners.get(topic);
    if (listeners) listeners.add(listener);
    else this.#listeners.set(topic, new Set([listener]));
    return !listeners;
  }

  /** @returns true for the topic's last */
  delete(topic: string, listener: WakeListener): boolean {
    const listeners = this.#listeners.get(topic);
    return Boolean(listeners?.delete(listener)) && listeners!.size === 0 && this.#listeners.delete(topic);
  }

  notify(topic: string, sequence: number | null): void {
    for (const listener of this.#listeners.get(topic) ?? []) listener(sequence);
  }
}
