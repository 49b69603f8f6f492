/** Topics to ask a server for, and topics to ask it for no longer. */
export interface TopicChanges {
  subscribe: string[];
  unsubscribe: string[];
}

/**
 * The topics that are wanted, held against those that a server has agreed to. Changes are what differs when they are
 * taken: who comes and goes while the server is asked for something else costs it nothing.
 */
export class TopicSubscriptions {
  readonly #wanted = new Set<string>();
  readonly #heard = new Set<string>();
  /** Those that may differ. */
  #changed = new Set<string>();

  get hasChanges(): boolean {
    return this.#changed.size > 0;
  }

  /** True when everything that the topic is woken with arrives. */
  isSubscribed(topic: string): boolean {
    return this.#heard.has(topic);
  }

  add(topic: string): void {
    this.#wanted.add(topic);
    this.#changed.add(topic);
  }

  delete(topic: string): void {
    this.#wanted.delete(topic);
    this.#changed.add(topic);
  }

  /** @param most changes to take; the rest waits for its turn */
  takeChanges(most: number): TopicChanges {
    const listen: string[] = [];
    const unlisten: string[] = [];
    for (const topic of this.#changed) {
      if (listen.length + unlisten.length === most) break;
      this.#changed.delete(topic);
      const isHeard = this.#heard.has(topic);
      if (this.#wanted.has(topic)) {
        if (!isHeard) listen.push(topic);
      } else if (isHeard) {
        unlisten.push(topic);
        // From here on, not from when the server agrees: whoever wants it meanwhile must ask anew.
        this.#heard.delete(topic);
      }
    }
    return { subscribe: listen, unsubscribe: unlisten };
  }

  /** The server has agreed to them. */
  confirm(topics: readonly string[]): void {
    for (const topic of topics) this.#heard.add(topic);
  }

  /** The server knows of nothing any more, as after the connection was lost. */
  reset(): void {
    this.#heard.clear();
    this.#changed = new Set(this.#wanted);
  }
}
