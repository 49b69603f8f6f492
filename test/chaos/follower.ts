import { setTimeout as delay } from 'node:timers/promises';
import { decodeEventCursor } from '../../schema/content/event-cursor.ts';
import { pick } from '../seed.ts';
import type { Dial, Dialled, Result } from './dial.ts';
import { Copy, type Event, FOLLOW, type Part, READ, readDiscussion } from './discussion.ts';
import { insist } from './post.ts';

/** How far the log of a discussion has come at least, as those know who follow it together. */
interface Tide {
  sequence: number;
}

export interface FollowerOptions {
  slug: string;
  tide: Tide;
  dial: Dial;
  authorization: string | undefined;
  /** Addresses of gateways; each connection goes to one of them. */
  urls: readonly string[];
  next: () => number;
}

/** What a client held when it was told that it had caught up. */
export interface Sight {
  sequence: number;
  parts: ReadonlyMap<string, Part>;
}

/** Milliseconds before a client tries again that got nothing from its last connection, at most. */
const RETRY_WITHIN = 200;

/**
 * A client that reads a discussion once, and from then on keeps its copy by events alone: whenever it loses its
 * connection it makes another, to any gateway, and goes on from its last cursor.
 */
export class Follower {
  /** Sequence and kind of each event that it was told, as they came. */
  readonly told: { sequence: number; type: Event['__typename']; commentId: string }[] = [];
  readonly sights: Sight[] = [];
  /** What must not happen to it. */
  readonly faults: string[] = [];
  /** Where the log was when it began. */
  start = 0;
  articleId = '';
  cursor = '';
  copy = new Copy([]);
  /** On its present connection it has all that had happened before. */
  isCaughtUp = false;
  /** Results of its present connection. */
  results = 0;
  /** Connections that were lost. */
  losses = 0;
  /** Address of the gateway that it is connected to. */
  url = '';
  readonly #options: FollowerOptions;
  #dialled: Dialled | null = null;
  #isOver = false;
  #gate: Promise<void> | null = null;
  /** What had happened for sure when it made its present connection. */
  #owed = 0;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  get isConnected(): boolean {
    return this.#dialled !== null;
  }

  /** Where in the log it is. */
  get sequence(): number {
    return decodeEventCursor(this.cursor)!.sequence;
  }

  /** Reads the discussion. */
  async begin(): Promise<void> {
    const { slug, authorization, urls, next } = this.#options;
    const { articleId, liveCursor, parts } = await readDiscussion(
      (variables) => insist(() => pick(urls, next), { query: READ, variables, authorization }),
      slug,
    );
    this.articleId = articleId;
    this.copy = new Copy(parts);
    this.cursor = liveCursor;
    this.start = this.sequence;
  }

  /** Follows until it is stopped. */
  async run(): Promise<void> {
    const { dial, authorization, urls, tide, next } = this.#options;
    while (!this.#isOver) {
      await this.#gate;
      this.#owed = tide.sequence;
      this.results = 0;
      this.isCaughtUp = false;
      this.url = pick(urls, next);
      this.#dialled = dial({
        url: this.url,
        query: FOLLOW,
        variables: { id: this.articleId, after: this.cursor },
        authorization,
        onResult: (result) => this.#take(result),
      });
      const how = await this.#dialled.ended;
      this.#dialled = null;
      this.isCaughtUp = false;
      this.losses += 1;
      if (how === 'complete') this.faults.push(`It was told after ${this.cursor} that nothing more can come.`);
      if (this.results === 0) await delay(next() * RETRY_WITHIN);
    }
  }

  stop(): void {
    this.#isOver = true;
    this.#dialled?.leave();
  }

  /** Ends the connection without a word. */
  destroy(): void {
    this.#dialled?.destroy();
  }

  /** Ends the connection as the protocol wants it. */
  leave(): void {
    this.#dialled?.leave();
  }

  /** Makes no new connection until the function that it returns is called. */
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

  #take({ data, errors }: Result): void {
    this.results += 1;
    if (errors || !data) {
      this.faults.push(`It got an error after ${this.cursor}: ${JSON.stringify(errors)}`);
      return;
    }
    const { __typename: type, cursor, comment, replayed, reason } = data.commentEvents as Event;
    const { sequence } = decodeEventCursor(cursor)!;
    if (type === 'ResyncRequired') this.faults.push(`It was to read anew after ${this.sequence}: ${reason}`);
    if (type === 'CaughtUp') {
      if (this.isCaughtUp) this.faults.push(`It was told twice that it had caught up, at ${sequence}.`);
      if (sequence < this.#owed) this.faults.push(`It was told to have caught up at ${sequence} of ${this.#owed}.`);
      if (replayed !== this.results - 1)
        this.faults.push(`${replayed} events were missed, and ${this.results - 1} told.`);
      this.isCaughtUp = true;
      this.sights.push({ sequence, parts: new Map(this.copy.parts) });
    } else {
      if (sequence <= this.sequence) this.faults.push(`It was told of ${sequence} after ${this.sequence}.`);
      this.told.push({ sequence, type, commentId: comment!.id });
      this.copy.apply(comment!);
    }
    this.cursor = cursor;
    this.#options.tide.sequence = Math.max(this.#options.tide.sequence, sequence);
  }
}
