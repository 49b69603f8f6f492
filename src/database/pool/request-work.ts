import type { CancelSignal } from '../cancel-signal.ts';
import type { WorkKind } from './connection-slots.ts';
import type { StatementAccount } from './observed-client.ts';

/** The client has disconnected or completed the operation, or the gateway has stopped: no statement is sent any more. */
export class AbortedError extends Error {
  override name = 'AbortedError';
}

/** For whom statements are sent. */
export interface WorkSource {
  /** `staff` for those who moderate, `live` for what the gateway does for many: events, jobs, health. */
  kind: Extract<WorkKind, 'read' | 'live' | 'staff' | 'check'>;
  /** Senders take turns: a member or an address. */
  sender: string;
  /** Cancelled when the client no longer waits for the result; absent for work that is shared or belongs to nobody. */
  signal?: CancelSignal | undefined;
  /** Absent for work that belongs to no operation. */
  account?: StatementAccount | undefined;
}

/**
 * The statements of one operation. Its abort cancels those that run or wait, and no further one is sent. Once a change has
 * begun its transaction, the operation is finished in any case: a client that repeats the request finds its result.
 */
export class RequestWork {
  readonly sender: string;
  readonly account: StatementAccount | null;
  #kind: WorkSource['kind'] | 'expensive';
  #mustFinish = false;
  readonly #signal: CancelSignal | undefined;

  constructor({ kind, sender, signal, account }: WorkSource) {
    this.sender = sender;
    this.account = account ?? null;
    this.#kind = kind;
    this.#signal = signal;
  }

  get kind(): WorkSource['kind'] | 'expensive' {
    return this.#kind;
  }

  /** From now on its reads have the share of expensive operations. Work of staff and of the gateway keeps its own. */
  beExpensive(): void {
    if (this.#kind === 'read') this.#kind = 'expensive';
  }

  get isAborted(): boolean {
    return !this.#mustFinish && this.#signal?.isCancelled === true;
  }

  /** @throws AbortedError */
  throwIfAborted(): void {
    if (this.isAborted) throw new AbortedError('The client no longer waits for the result.');
  }

  /** From now on an abort has no effect. */
  finishInAnyCase(): void {
    this.#mustFinish = true;
  }

  /** Calls `leave` on an abort. @returns forgets it */
  onAbort(leave: () => void): () => void {
    if (!this.#signal) return () => {};
    return this.#signal.onCancel(() => {
      if (!this.#mustFinish) leave();
    });
  }
}
