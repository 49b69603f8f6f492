import { setTimeout as delay } from 'node:timers/promises';
import { decodeEventCursor } from '../../schema/content/event-cursor.ts';
import { pick } from '../seed.ts';
import type { Dial, DialedSubscription, Result } from './dial.ts';
import { Copy, type Event, FOLLOW, type Part, READ, readDiscussion } from './discussion.ts';
import { postUntilAnswered } from './post.ts';

/** The highest sequence that any follower of a discussion has received. */
interface LogProgress {
  sequence: number;
}

export interface FollowerOptions {
  slug: string;
  progress: LogProgress;
  dial: Dial;
  authorization: string | undefined;
  /** Addresses of gateways; each connection is made to one of them. */
  urls: readonly string[];
  next: () => number;
}

/** A follower's copy at the moment when it had caught up. */
export interface Snapshot {
  sequence: number;
  parts: ReadonlyMap<string, Part>;
}

/** Longest wait in milliseconds before a new attempt, after a connection that brought no result. */
const LONGEST_RETRY_WAIT = 200;

/**
 * A client that reads a discussion once, and then keeps its copy up to date by events only. When it loses its connection
 * it connects to any of the gateways, and resumes from its last cursor.
 */
export class Follower {
  /** The events that it received, in order. */
  readonly events: { sequence: number; type: Event['__typename']; commentId: string }[] = [];
  readonly snapshots: Snapshot[] = [];
  /** Violations of what the subscription promises. */
  readonly faults: string[] = [];
  /** Sequence of the log at the beginning. */
  start = 0;
  articleId = '';
  cursor = '';
  copy = new Copy([]);
  /** It has received CaughtUp on its current connection. */
  isCaughtUp = false;
  /** Results on its current connection. */
  results = 0;
  /** Number of connections that it has lost. */
  losses = 0;
  /** Address of the gateway that it is connected to. */
  url = '';
  readonly #options: FollowerOptions;
  #subscription: DialedSubscription | null = null;
  #hasStopped = false;
  #gate: Promise<void> | null = null;
  /** The sequence that it must reach before CaughtUp: the log had certainly grown to it when it connected. */
  #mustReach = 0;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  get isConnected(): boolean {
    return this.#subscription !== null;
  }

  /** The sequence of its cursor. */
  get sequence(): number {
    return decodeEventCursor(this.cursor)!.sequence;
  }

  /** Reads the discussion. */
  async begin(): Promise<void> {
    const { slug, authorization, urls, next } = this.#options;
    const { articleId, liveCursor, parts } = await readDiscussion(
      (variables) => postUntilAnswered(() => pick(urls, next), { query: READ, variables, authorization }),
      slug,
    );
    this.articleId = articleId;
    this.copy = new Copy(parts);
    this.cursor = liveCursor;
    this.start = this.sequence;
  }

  /** Follows until it is stopped. */
  async run(): Promise<void> {
    const { dial, authorization, urls, progress, next } = this.#options;
    while (!this.#hasStopped) {
      await this.#gate;
      this.#mustReach = progress.sequence;
      this.results = 0;
      this.isCaughtUp = false;
      this.url = pick(urls, next);
      this.#subscription = dial({
        url: this.url,
        query: FOLLOW,
        variables: { id: this.articleId, after: this.cursor },
        authorization,
        onResult: (result) => this.#receive(result),
      });
      const ending = await this.#subscription.ended;
      this.#subscription = null;
      this.isCaughtUp = false;
      this.losses += 1;
      if (ending === 'complete') this.faults.push(`The server completed the subscription after ${this.cursor}.`);
      if (this.results === 0) await delay(next() * LONGEST_RETRY_WAIT);
    }
  }

  stop(): void {
    this.#hasStopped = true;
    this.#subscription?.leave();
  }

  /** Closes the connection without the protocol's closing messages. */
  destroy(): void {
    this.#subscription?.destroy();
  }

  /** Ends the subscription as the protocol prescribes. */
  leave(): void {
    this.#subscription?.leave();
  }

  /** Prevents new connections until the returned function is called. */
  hold(): () => void {
    let release!: () => void;
    this.#gate = new Promise((resolve) => {
      release = resolve;
    });
    return () => {
      this.#gate = null;
      release();
    };
  }

  #receive({ data, errors }: Result): void {
    this.results += 1;
    if (errors || !data) {
      this.faults.push(`Error after ${this.cursor}: ${JSON.stringify(errors)}`);
      return;
    }
    const { __typename: type, cursor, comment, replayed, reason } = data.commentEvents as Event;
    const { sequence } = decodeEventCursor(cursor)!;
    if (type === 'ResyncRequired') this.faults.push(`ResyncRequired after ${this.sequence}: ${reason}`);
    if (type === 'CaughtUp') {
      if (this.isCaughtUp) this.faults.push(`CaughtUp a second time, at ${sequence}.`);
      if (sequence < this.#mustReach) this.faults.push(`CaughtUp at ${sequence}, before ${this.#mustReach}.`);
      if (replayed !== this.results - 1)
        this.faults.push(`CaughtUp counts ${replayed} events, and ${this.results - 1} arrived.`);
      this.isCaughtUp = true;
      this.snapshots.push({ sequence, parts: new Map(this.copy.parts) });
    } else {
      if (sequence <= this.sequence) this.faults.push(`Event ${sequence} after ${this.sequence}.`);
      this.events.push({ sequence, type, commentId: comment!.id });
      this.copy.apply(type, comment!);
    }
    this.cursor = cursor;
    this.#options.progress.sequence = Math.max(this.#options.progress.sequence, sequence);
  }
}
