import type { WorkKind } from './connection-slots.ts';

/** The client has disconnected or completed the operation: no statement is sent for it any more. */
export class AbortedError extends Error {
  override name = 'AbortedError';
}

/** For whom statements are sent. */
export interface WorkSource {
  /** `staff` for those who moderate, `live` for what the gateway does for many: events, jobs, health. */
  kind: Extract<WorkKind, 'read' | 'live' | 'staff'>;
  /** Senders take turns: a member or an address. */
  sender: string;
  /** Aborted when the client no longer waits for the result; absent for work that is shared or belongs to nobody. */
  signal?: AbortSignal | undefined;
}

/**
 * The statements of one operation. Its abort cancels those that run or wait, and no further one is sent. Once a change has
 * begun its transaction, the operation is finished in any case: a client that repeats the request finds its result.
 */
export class RequestWork {
  readonly kind: WorkSource['kind'];
  readonly sender: string;
  #isAborted = false;
  #mustFinish = false;
  readonly #cancels = new Set<() => void>();

  constructor({ kind, sender, signal }: WorkSource) {
    this.kind = kind;
    this.sender = sender;
    if (signal?.aborted) this.#isAborted = true;
    else signal?.addEventListener('abort', () => this.#abort(), { once: true });
  }

  get isAborted(): boolean {
    return this.#isAborted && !this.#mustFinish;
  }

  /** @throws AbortedError */
  throwIfAborted(): void {
    if (this.isAborted) throw new AbortedError('The client no longer waits for the result.');
  }

  /** From now on an abort has no effect. */
  finishInAnyCase(): void {
    this.#mustFinish = true;
  }

  /** Calls `cancel` on an abort. @returns forgets it */
  onAbort(cancel: () => void): () => void {
    this.#cancels.add(cancel);
    return () => this.#cancels.delete(cancel);
  }

  #abort(): void {
    this.#isAborted = true;
    if (!this.#mustFinish) for (const cancel of [...this.#cancels]) cancel();
  }
}
