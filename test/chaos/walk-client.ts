import { setTimeout as delay } from 'node:timers/promises';
import { decodeEventCursor } from '../../schema/content/event-cursor.ts';
import { pick } from '../seed.ts';
import type { Dial, DialedSubscription, Result } from './dial.ts';
import { postUntilAnswered } from './post.ts';
import {
  type Discussion,
  DiscussionCopy,
  type DiscussionEvent,
  FOLLOW,
  readWholeDiscussion,
} from './walk-discussion.ts';

/** Who reads. */
export interface Viewer {
  name: string;
  authorization: string | undefined;
}

export interface WalkClientOptions {
  name: string;
  slug: string;
  articleId: string;
  viewer: Viewer;
  dial: Dial;
  /** Addresses of gateways; each connection is made to one of them. */
  urls: readonly string[];
  next: () => number;
  /** Aborted when the walk is over. */
  over: AbortSignal;
}

/** A place in a log. */
export interface Place {
  epoch: number;
  sequence: number;
}

/** What a client received from one reading of the discussion to the next. */
export interface Passage {
  /** The place of the reading. */
  start: Place;
  events: { sequence: number; type: string; commentId: string | undefined }[];
}

/** Longest wait in milliseconds before a new attempt. */
const LONGEST_RETRY_WAIT = 200;

/**
 * Close codes that say that the client is wrong, which it never is. With 4408, its first message came too late, as on a slow
 * network or a busy machine: clients then connect again.
 */
const CLIENT_FAULTS = /^(44(?!08)\d\d|status 4(?!29)\d\d)$/;

/**
 * A client that reads a discussion and keeps its copy up to date by events. It resumes from its cursor after each lost
 * connection, reads the discussion again after ResyncRequired, and tries again while the article is not public.
 */
export class WalkClient {
  /** Violations of what the gateway promises. */
  readonly faults: string[] = [];
  /** Since the last check. */
  passages: Passage[] = [];
  copy = new DiscussionCopy([]);
  commentPolicy = '';
  cursor = '';
  /** It has received CaughtUp on its current connection. */
  isCaughtUp = false;
  /** How often it lost its connection, had to read again, and found that the article was not public. */
  readonly counts = { losses: 0, resyncs: 0, absences: 0 };
  readonly options: WalkClientOptions;
  #mustRead = true;
  /** Announced while names are read. */
  #nameChanges = 0;
  #subscription: DialedSubscription | null = null;

  constructor(options: WalkClientOptions) {
    this.options = options;
  }

  get place(): Place {
    return placeOf(this.cursor);
  }

  /** It has read the discussion, and follows it up to the end of its log. */
  hasReached({ epoch, sequence }: Place): boolean {
    if (this.#mustRead || this.#nameChanges > 0 || !this.isCaughtUp) return false;
    const { place } = this;
    return place.epoch === epoch && place.sequence === sequence;
  }

  /** Its state, for messages. */
  describe(): string {
    const { place, isCaughtUp } = this;
    return JSON.stringify({ place, isCaughtUp, mustRead: this.#mustRead, nameChanges: this.#nameChanges });
  }

  /** Follows until the walk is over. Its connection must be closed then. */
  async run(): Promise<void> {
    while (!this.options.over.aborted) {
      if (this.#mustRead && !(await this.#read())) {
        this.counts.absences += 1;
        await this.#pause();
        continue;
      }
      await this.#follow();
    }
  }

  /** Closes the connection without the protocol's closing messages. */
  destroy(): void {
    this.#subscription?.destroy();
  }

  /** Reads the discussion as its viewer does. Null when the article is not public. */
  readFresh(): Promise<Discussion | null> {
    const { slug, viewer, urls, next, over: signal } = this.options;
    const { authorization } = viewer;
    return readWholeDiscussion(slug, (query, variables) =>
      postUntilAnswered(() => pick(urls, next), { query, variables, authorization, signal }),
    );
  }

  /** Begins a new passage at its place, after the passages were checked. */
  forgetPassages(): void {
    this.passages = [{ start: this.place, events: [] }];
  }

  /** @returns false when the article is not public */
  async #read(): Promise<boolean> {
    const discussion = await this.readFresh();
    if (!discussion) return false;
    this.copy = new DiscussionCopy(discussion.rows);
    this.commentPolicy = discussion.commentPolicy;
    this.cursor = discussion.liveCursor;
    this.passages.push({ start: this.place, events: [] });
    this.#mustRead = false;
    return true;
  }

  async #follow(): Promise<void> {
    const { dial, viewer, articleId, urls, next } = this.options;
    this.isCaughtUp = false;
    let wasRefused = true;
    const subscription = dial({
      url: pick(urls, next),
      query: FOLLOW,
      variables: { id: articleId, after: this.cursor },
      authorization: viewer.authorization,
      onResult: (result) => {
        if (this.#subscription !== subscription) return;
        wasRefused = !this.#receive(result);
      },
    });
    this.#subscription = subscription;
    const ending = await subscription.ended;
    this.#subscription = null;
    this.isCaughtUp = false;
    this.counts.losses += 1;
    if (this.options.over.aborted) return;
    if (ending === 'complete' && !wasRefused)
      this.faults.push(`The server completed the subscription after ${this.#position}, without an error.`);
    if (CLIENT_FAULTS.test(ending)) this.faults.push(`The server ended the subscription with ${ending}.`);
    if (!this.#mustRead) await this.#pause();
  }

  #pause(): Promise<void> {
    return delay(this.options.next() * LONGEST_RETRY_WAIT);
  }

  /** @returns whether it is a result of the subscription, and not the error that ends it */
  #receive({ data, errors }: Result): boolean {
    if (errors || !data) {
      const codes = (errors as { extensions?: { code?: string } }[] | undefined)?.map(
        ({ extensions }) => extensions?.code,
      );
      if (codes?.every((code) => code === 'NOT_FOUND')) this.counts.absences += 1;
      else this.faults.push(`Error after ${this.#position}: ${JSON.stringify(errors)}`);
      return false;
    }
    this.#apply(data.commentEvents as DiscussionEvent);
    return true;
  }

  #apply(event: DiscussionEvent): void {
    const { __typename: type, cursor, comment } = event;
    if (type === 'ResyncRequired') {
      this.counts.resyncs += 1;
      this.#mustRead = true;
      this.#subscription?.leave();
      return;
    }
    const place = placeOf(cursor);
    if (place.epoch !== this.place.epoch) this.faults.push(`${type} of another log than ${this.#position}.`);
    if (type === 'CaughtUp') {
      if (place.sequence < this.place.sequence)
        this.faults.push(`CaughtUp at ${place.sequence}, after ${this.#position}.`);
      this.isCaughtUp = true;
    } else {
      if (place.sequence <= this.place.sequence)
        this.faults.push(`${type} ${place.sequence}, after ${this.#position}.`);
      this.passages.at(-1)!.events.push({ sequence: place.sequence, type, commentId: comment?.id });
      this.copy.apply(event);
      if (type === 'DiscussionChanged')
        this.#readNames().catch((error) => this.faults.push(`Names could not be read: ${error}`));
    }
    this.cursor = cursor;
  }

  /** Takes the policy and the names from a reading, and leaves the comments to the events. */
  async #readNames(): Promise<void> {
    this.#nameChanges += 1;
    // The reading in progress may have begun before the change.
    if (this.#nameChanges > 1) return;
    for (let seen = 0; seen < this.#nameChanges; ) {
      seen = this.#nameChanges;
      const discussion = await this.readFresh();
      if (discussion) {
        this.commentPolicy = discussion.commentPolicy;
        this.copy.rename(discussion.rows);
      } else {
        this.#mustRead = true;
        this.destroy();
      }
    }
    this.#nameChanges = 0;
  }

  get #position(): string {
    const { epoch, sequence } = this.place;
    return `${sequence} of ${epoch}`;
  }
}

function placeOf(cursor: string): Place {
  const { epoch, sequence } = decodeEventCursor(cursor)!;
  return { epoch, sequence };
}
