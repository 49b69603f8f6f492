/**
 * Tells the work of one operation that its client no longer waits. An AbortSignal would do the same, but one for each
 * request survives until a full garbage collection, which then comes every two seconds.
 */
export class CancelSignal {
  #isCancelled = false;
  #listeners: Set<() => void> | null = null;

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  cancel(): void {
    this.#isCancelled = true;
    const listeners = this.#listeners;
    this.#listeners = null;
    for (const listener of listeners ?? []) listener();
  }

  /** Calls `listener` when the signal is cancelled from now on. @returns forgets it */
  onCancel(listener: () => void): () => void {
    this.#listeners ??= new Set();
    this.#listeners.add(listener);
    return () => this.#listeners?.delete(listener);
  }
}
