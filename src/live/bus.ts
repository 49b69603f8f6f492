/** Called when an article's log has come to a sequence. */
export type WakeListener = (articleId: number, sequence: number) => void;

/** Wakes the readers of logs. It carries no content and may lose a call: the log is the truth. */
export interface Bus {
  wake(articleId: number, sequence: number): void;
  /** @returns stops listening */
  listen(listener: WakeListener): () => void;
  close(): Promise<void>;
}

/** The bus of one process: a function call. */
export function localBus(): Bus {
  const listeners = new Set<WakeListener>();
  return {
    wake(articleId, sequence) {
      for (const listener of listeners) listener(articleId, sequence);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      listeners.clear();
    },
  };
}
