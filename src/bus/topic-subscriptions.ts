/** Topics to subscribe to on the server, and topics to unsubscribe from. */
export interface TopicChanges {
  subscribe: string[];
  unsubscribe: string[];
}

/**
 * Compares the topics that are watched here with those that the server has confirmed. The difference is computed when it
 * is taken: a topic that is watched and dropped again during another request costs the server nothing.
 */
export class TopicSubscriptions {
  readonly #watched = new Set<string>();
  readonly #confirmed = new Set<string>();
  /** Topics whose two states may differ. */
  #changed = new Set<string>();

  get hasChanges(): boolean {
    return this.#changed.size > 0;
  }

  /** True when every wake-up of the topic is received. */
  isConfirmed(topic: string): boolean {
    return this.#confirmed.has(topic);
  }

  add(topic: string): void {
    this.#watched.add(topic);
    this.#changed.add(topic);
  }

  delete(topic: string): void {
    this.#watched.delete(topic);
    this.#changed.add(topic);
  }

  /** @param max number of changes to take; the others remain */
  takeChanges(max: number): TopicChanges {
    const subscribe: string[] = [];
    const unsubscribe: string[] = [];
    for (const topic of this.#changed) {
      if (subscribe.length + unsubscribe.length === max) break;
      this.#changed.delete(topic);
      const isConfirmed = this.#confirmed.has(topic);
      if (this.#watched.has(topic)) {
        if (!isConfirmed) subscribe.push(topic);
      } else if (isConfirmed) {
        unsubscribe.push(topic);
        // Already before the server answers, so that a watcher that is added until then causes a new subscription.
        this.#confirmed.delete(topic);
      }
    }
    return { subscribe, unsubscribe };
  }

  /** The server has subscribed this gateway to the topics. */
  confirm(topics: readonly string[]): void {
    for (const topic of topics) this.#confirmed.add(topic);
  }

  /** The server has no subscription, as on a new connection: all watched topics are changes. */
  reset(): void {
    this.#confirmed.clear();
    this.#changed = new Set(this.#watched);
  }
}
