import { randomUUID } from 'node:crypto';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Subscription } from './jobs.ts';

/**
 * What stands before a comment's id, and before a cursor, in every event. Texts are searched rather than parsed, or the
 * readers would be what is measured.
 */
const COMMENT_ID = Buffer.from('"comment":{"id":"');
const CURSOR = Buffer.from('"cursor":"');
const QUOTE = 0x22;

export interface ReaderListener {
  /** The subscription has been asked for. */
  subscribed(): void;
  event(reader: Reader, id: string, data: Buffer): void;
  caughtUp(replayed: number): void;
  /** A message that belongs to no stream that goes well, or why there is no connection. */
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
  #socket: WebSocket;
  #cursor: string | null = null;

  constructor({ number, url, subscription, listener }: ReaderOptions) {
    this.number = number;
    this.#url = url;
    this.#listener = listener;
    this.#socket = this.#open(subscription);
  }

  #open(subscription: Subscription): WebSocket {
    this.isClosed = false;
    this.isCaughtUp = false;
    const socket = new WebSocket(this.#url, GRAPHQL_TRANSPORT_WS_PROTOCOL, { perMessageDeflate: false });
    let hasOpened = false;
    socket.on('open', () => {
      hasOpened = true;
      socket.send('{"type":"connection_init"}');
    });
    socket.on('message', (data: Buffer) => this.#hear(data, subscription));
    socket.on('error', ({ message }) => {
      // Later it is up to whoever counts the close codes whether that is how it should be.
      if (!hasOpened) this.#listener.complaint(message);
    });
    socket.on('close', (code) => {
      this.isClosed = true;
      this.#listener.closed(code);
    });
    return socket;
  }

  #hear(data: Buffer, subscription: Subscription): void {
    const before = data.indexOf(COMMENT_ID);
    if (before === -1) {
      this.#hearOther(data.toString(), subscription);
    } else {
      this.#cursor = textAfter(data, data.indexOf(CURSOR), CURSOR) ?? this.#cursor;
      this.#listener.event(this, textAfter(data, before, COMMENT_ID)!, data);
    }
  }

  #hearOther(text: string, subscription: Subscription): void {
    const { type, payload } = JSON.parse(text) as { type: string; payload?: { data?: Record<string, unknown> } };
    if (type === 'connection_ack') {
      this.#say({ id: randomUUID(), type: 'subscribe', payload: subscription });
      this.#listener.subscribed();
    } else if (type === 'ping') {
      this.#say({ type: 'pong' });
    } else {
      const event = Object.values(payload?.data ?? {})[0] as { cursor?: string; replayed?: number } | undefined;
      if (event?.replayed !== undefined) this.#hearCaughtUp(event.replayed, event.cursor);
      else this.#listener.complaint(text);
    }
  }

  #hearCaughtUp(replayed: number, cursor = this.#cursor): void {
    this.#cursor = cursor;
    this.isCaughtUp = true;
    this.#listener.caughtUp(replayed);
  }

  #say(message: unknown): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** Stops reading, as a phone in a tunnel does: what is sent waits in the network's buffers, then in the server's. */
  pause(): void {
    this.isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.isPaused = false;
    this.#socket.resume();
  }

  /** Comes again, and goes on from where it was. */
  rejoin({ query, variables }: Subscription): void {
    this.#socket = this.#open({ query, variables: { ...variables, after: this.#cursor ?? variables.after } });
  }

  leave(): void {
    this.#socket.close();
  }
}

/** What stands between a mark, which begins at a place, and the next quote; null where there is no mark. */
function textAfter(data: Buffer, place: number, mark: Buffer): string | null {
  if (place === -1) return null;
  const from = place + mark.length;
  return data.toString('latin1', from, data.indexOf(QUOTE, from));
}
