import { randomUUID } from 'node:crypto';
import type { Subscription } from './jobs.ts';
import { Line } from './line.ts';

/** What stands before a comment's id, and before a cursor, in every event; the texts are searched rather than parsed. */
const COMMENT_ID = Buffer.from('"comment":{"id":"');
const CURSOR = Buffer.from('"cursor":"');
const QUOTE = 0x22;

export interface ReaderListener {
  /** The subscription has been asked for. */
  subscribed(): void;
  event(reader: Reader, id: string, data: Buffer, start: number, end: number): void;
  caughtUp(replayed: number): void;
  /** A message that belongs to no stream that goes well. */
  complaint(text: string): void;
  closed(code: number): void;
}

export interface ReaderOptions {
  number: number;
  url: URL;
  subscription: Subscription;
  listener: ReaderListener;
}

/** One subscriber, in graphql-transport-ws. */
export class Reader {
  /** Events since the count began. */
  heard = 0;
  isPaused = false;
  isClosed = false;
  isCaughtUp = false;
  /** Its place in the crowd. */
  readonly number: number;
  readonly #url: URL;
  readonly #listener: ReaderListener;
  #line: Line;
  #hasSubscribed = false;
  /** A copy of the last cursor's bytes, since what they stood in is read over. */
  #cursor = Buffer.alloc(0);

  constructor({ number, url, subscription, listener }: ReaderOptions) {
    this.number = number;
    this.#url = url;
    this.#listener = listener;
    this.#line = this.#open(subscription);
  }

  #open(subscription: Subscription): Line {
    this.isClosed = false;
    this.isCaughtUp = false;
    this.#hasSubscribed = false;
    return new Line(this.#url, {
      opened: () => this.#line.say({ type: 'connection_init' }),
      heard: (data, start, end) => this.#hear(data, start, end, subscription),
      closed: (code, reason) => {
        this.isClosed = true;
        // Later it is up to whoever counts the codes whether that is how it should be.
        if (!this.#hasSubscribed) this.#listener.complaint(`${code}: ${reason}`);
        this.#listener.closed(code);
      },
    });
  }

  #hear(data: Buffer, start: number, end: number, subscription: Subscription): void {
    const before = data.indexOf(COMMENT_ID, start);
    if (before === -1 || before >= end) {
      this.#hearOther(data.toString('utf8', start, end), subscription);
    } else {
      const from = before + COMMENT_ID.length;
      const id = data.toString('latin1', from, data.indexOf(QUOTE, from));
      this.#keepCursor(data, start, before);
      this.#listener.event(this, id, data, start, end);
    }
  }

  #keepCursor(data: Buffer, start: number, end: number): void {
    const before = data.indexOf(CURSOR, start);
    if (before === -1 || before >= end) return;
    const from = before + CURSOR.length;
    const length = data.indexOf(QUOTE, from) - from;
    if (length !== this.#cursor.length) this.#cursor = Buffer.alloc(length);
    data.copy(this.#cursor, 0, from, from + length);
  }

  #hearOther(text: string, subscription: Subscription): void {
    const { type, payload } = JSON.parse(text) as { type: string; payload?: { data?: Record<string, unknown> } };
    if (type === 'connection_ack') {
      this.#line.say({ id: randomUUID(), type: 'subscribe', payload: subscription });
      this.#hasSubscribed = true;
      this.#listener.subscribed();
    } else if (type === 'ping') {
      this.#line.say({ type: 'pong' });
    } else {
      const event = Object.values(payload?.data ?? {})[0] as { cursor?: string; replayed?: number } | undefined;
      if (event?.replayed !== undefined) this.#hearCaughtUp(event.replayed, event.cursor);
      else this.#listener.complaint(text);
    }
  }

  #hearCaughtUp(replayed: number, cursor: string | undefined): void {
    if (cursor) this.#cursor = Buffer.from(cursor);
    this.isCaughtUp = true;
    this.#listener.caughtUp(replayed);
  }

  pause(): void {
    this.isPaused = true;
    this.#line.pause();
  }

  resume(): void {
    this.isPaused = false;
    this.#line.resume();
  }

  /** Comes again, and goes on from where it was. */
  rejoin({ query, variables }: Subscription): void {
    const after = this.#cursor.length > 0 ? this.#cursor.toString() : variables.after;
    this.#line = this.#open({ query, variables: { ...variables, after } });
  }

  leave(): void {
    this.#line.end();
  }
}
