import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ExecutionResult } from 'graphql';
import type { WebSocket } from 'ws';
import type { RequestIdentity } from '../../auth/index.ts';
import type { EncodedResult, EndReason, ResultSink } from '../../delivery/index.ts';
import type { OperationRecord, Subscription, TraceParent } from '../../execution/index.ts';
import type { Admission } from '../admission.ts';
import { holdResult } from '../held-result.ts';
import { isRefusal, overloadRefusal, type Refusal, refusalError } from '../refusal.ts';
import { readRequestId } from '../request-id.ts';
import type { FloodControl, SocketFrames } from './flood-control.ts';
import { Outgoing } from './outgoing.ts';

/** Codes with which the server closes a WebSocket. After each of them but 4500, graphql-ws's client connects again by itself. */
export const CLOSE_CODES = {
  /** Try Again Later (RFC 6455's registry): the client cannot be authenticated at the moment. */
  unavailable: 1013,
  /** Service Restart: this gateway stops, and another one, or this one soon, takes over. */
  restart: 1012,
  /** Forbidden (graphql-transport-ws): the token is not valid, or has expired. */
  forbidden: 4403,
  /** The client read too slowly, and results that it has not read were dropped. It can resume from its last cursor. */
  slow: 4413,
  /** Internal Server Error (graphql-transport-ws). */
  fault: 4500,
} as const;

/** The JSON of a result with the end of the message around it. */
function endOfMessage(json: string): string {
  return `${json}}`;
}

const END_OF_MESSAGE = Buffer.from(endOfMessage(''));

/** Yields nothing. */
const NOTHING: AsyncIterable<never> = {
  [Symbol.asyncIterator]: () => ({ next: async () => DONE }),
};

export interface OperationRun {
  /** Never rejects: errors are part of the result. */
  run(): Promise<ExecutionResult> | ExecutionResult;
  /** Whether the client has not completed the operation. */
  isWanted(): boolean;
  /** Cancels its statements. */
  abort(): void;
  record: OperationRecord;
}

const DONE = { value: undefined, done: true } as const;

export interface ConnectionOptions {
  admission: Admission;
  floods: FloodControl;
}

/** One WebSocket with its identity and its operations. */
export class SocketConnection {
  readonly socket: WebSocket;
  /** The TCP connection below. */
  readonly tcp: Socket;
  /** The request that opened the connection; null once its sender is identified. */
  request: IncomingMessage | null;
  /** Id of the request that opened the connection. Each operation has an id of its own. */
  readonly requestId: string;
  /** Null until the connection is authenticated. */
  identity: RequestIdentity | null = null;
  /** The span that its operations belong to; null for none. */
  traceParent: TraceParent | null = null;
  /** Bytes of the message that arrived last. */
  messageSize = 0;
  /** Queries and mutations that are being executed. */
  runningOperations = 0;
  /** The client has sent something since the last ping. */
  isAlive = true;
  forgetExpiry: () => void = () => {};
  readonly outgoing: Outgoing;
  readonly #admission: Admission;
  readonly #address: string;
  /** Counts what the client sends. */
  readonly #frames: SocketFrames;
  /** Why the client is not read: it does not read itself, or it sends too much. */
  readonly #pauses = new Set<'full' | 'flood'>();
  /**
   * How to cancel the operation that was begun last on each id. A client may complete an operation and use its id for
   * another at once, before graphql-ws has ended the first, whose end it would then take for that of the second.
   */
  readonly #cancelById = new Map<string, () => void>();
  /** How to abort the query or mutation that is executed on each id. */
  readonly #abortById = new Map<string, () => void>();

  constructor(socket: WebSocket, request: IncomingMessage, { admission, floods }: ConnectionOptions) {
    this.socket = socket;
    this.request = request;
    this.tcp = request.socket;
    this.requestId = readRequestId(request);
    this.#admission = admission;
    this.#address = admission.addressOf(request);
    this.outgoing = new Outgoing({
      webSocket: socket,
      socket: request.socket,
      share: admission.connect(this.#address),
      onSlow: () => this.close('slow', 'Read too slowly: resume from the last cursor'),
    });
    this.#frames = floods.open(this.#address, {
      pause: () => this.#pause('flood'),
      resume: () => this.#resume('flood'),
    });
  }

  /** The client sends more than is read, and what it sends waits. */
  get isFlooding(): boolean {
    return this.#pauses.has('flood');
  }

  /** A frame of the client has arrived. */
  receive(): void {
    this.#frames.count();
    if (!this.isFull || this.#pauses.has('full')) return;
    // Nothing more is read until the client has read what waits for it.
    this.#pause('full');
    this.outgoing.writer.whenDrained(() => this.#resume('full'));
  }

  /** Data waits here because the client does not read. */
  get isFull(): boolean {
    return this.outgoing.writer.isFull;
  }

  #pause(reason: 'full' | 'flood'): void {
    this.#pauses.add(reason);
    this.socket.pause();
  }

  #resume(reason: 'full' | 'flood'): void {
    this.#pauses.delete(reason);
    if (this.#pauses.size === 0) this.socket.resume();
  }

  /** Starts the closing handshake. Nothing more is sent, however long that takes. */
  close(code: keyof typeof CLOSE_CODES, reason: string): void {
    this.socket.close(CLOSE_CODES[code], reason);
    this.#cancelAll();
  }

  /** Releases everything after the WebSocket has closed. */
  dispose(): void {
    this.forgetExpiry();
    this.#cancelAll();
    this.outgoing.close();
    this.#frames.close();
  }

  #cancelAll(): void {
    for (const cancel of [...this.#cancelById.values()]) cancel();
  }

  /**
   * Executes a query or mutation and sends its result. The returned iterable yields nothing: through it, graphql-ws only
   * learns that the operation has ended. The promise never resolves when the client has completed it meanwhile: its id
   * may be another operation's.
   */
  async execute(
    id: string,
    { run, isWanted, abort, record }: OperationRun,
  ): Promise<ExecutionResult | AsyncIterable<never>> {
    const share = this.#admission.begin(this.#address);
    if (typeof share === 'string') return refusedResult(record, overloadRefusal(share));
    let isCancelled = false;
    const forget = this.#begin(id, () => {
      isCancelled = true;
      share.release();
      abort();
    });
    this.runningOperations += 1;
    this.#abortById.set(id, abort);
    try {
      const result = await run();
      record.fail(result.errors);
      const held = await holdResult(result, share);
      if (isRefusal(held)) return refusedResult(record, held);
      record.bytes = held.length;
      const rest = Buffer.concat([held, END_OF_MESSAGE]);
      await this.outgoing.sendResult(nextMessageHead(id), rest, () => !isCancelled && isWanted());
      return NOTHING;
    } finally {
      this.runningOperations -= 1;
      if (this.#abortById.get(id) === abort) this.#abortById.delete(id);
      share.release();
      record.isAborted = isCancelled;
      record.end();
      if (isCancelled) await new Promise(() => {});
      forget();
    }
  }

  /** The client has completed the operation. graphql-ws reports it for subscriptions alone. */
  abortOperation(id: string): void {
    this.#abortById.get(id)?.();
  }

  /** @returns forgets the operation, which has ended */
  #begin(id: string, cancel: () => void): () => void {
    this.#cancelById.get(id)?.();
    this.#cancelById.set(id, cancel);
    return () => {
      if (this.#cancelById.get(id) === cancel) this.#cancelById.delete(id);
    };
  }

  /**
   * Starts a subscription that writes its results directly to the socket. The returned generator yields nothing: through
   * it, graphql-ws only learns that the subscription has ended, and ends it when the client does.
   * @param size bytes of its message, which graphql-ws keeps
   */
  deliver(id: string, subscription: Subscription, size: number): AsyncGenerator<never, void, void> | Refusal {
    const share = this.#admission.connect(this.#address);
    const overload = share.receive(size);
    if (overload) {
      share.release();
      return overloadRefusal(overload);
    }
    share.becomeSubscription();
    let complete!: (done: typeof DONE) => void;
    const completed = new Promise<typeof DONE>((resolve) => {
      complete = resolve;
    });
    let hasEnded = false;
    // Until the subscription has started: one that is refused may end before.
    let leave = (): void => {
      hasEnded = true;
    };
    const forget = this.#begin(id, () => {
      leave();
      share.release();
    });
    const stop = (): void => {
      forget();
      leave();
      share.release();
    };
    const sink = this.#createSink(id, (reason) => {
      stop();
      if (reason === 'complete') complete(DONE);
      else if (reason === 'slow') this.close('slow', 'Read too slowly: resume from the last cursor');
      else this.close('restart', 'Resume from the last cursor');
    });
    leave = subscription.start(sink);
    if (hasEnded) leave();
    const delivering: AsyncGenerator<never, void, void> = {
      next: () => completed,
      // The client has completed the subscription, and may be using its id for another already. `next` stays pending:
      // otherwise graphql-ws would send `complete` for that id and forget the other subscription.
      async return() {
        stop();
        return DONE;
      },
      async throw(error) {
        stop();
        throw error;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
      async [Symbol.asyncDispose]() {
        stop();
      },
    };
    return delivering;
  }

  #createSink(id: string, end: (reason: EndReason) => void): ResultSink {
    const { outgoing } = this;
    const { writer } = outgoing;
    const head = nextMessageHead(id);
    return {
      get isFull() {
        return writer.isFull;
      },
      whenDrained: (then) => writer.whenDrained(then),
      batch: (work) => writer.batch(work),
      send: (result: EncodedResult) => outgoing.sendEvent(head, result.as(endOfMessage)),
      end,
    };
  }
}

function refusedResult(record: OperationRecord, refusal: Refusal): ExecutionResult {
  const errors = [refusalError(refusal)];
  record.fail(errors);
  record.end();
  return { errors };
}

function nextMessageHead(id: string): Buffer {
  return Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
}
