import type { WakeListener } from './bus.ts';

/** The listeners of one process, by topic. */
export class TopicListeners {
  readonly #listeners = new Map<string, Set<WakeListener>>();

  /** @returns true for the topic's first listener */
  add(topic: string, listener: WakeListener): boolean {
    const listeners = this.#listeners.get(topic);
    if (listeners) listeners.add(listener);
    else this.#listeners.set(topic, new Set([listener]));
    return !listeners;
  }

  /** @returns true for the topic's last listener */
  delete(topic: string, listener: WakeListener): boolean {
    const listeners = this.#listeners.get(topic);
    return Boolean(listeners?.delete(listener)) && listeners!.size === 0 && this.#listeners.delete(topic);
  }

  /** Calls the topic's listeners. */
  notify(topic: string, sequence: number | null): void {
    for (const listener of this.#listeners.get(topic) ?? []) listener(sequence);
  }
}
