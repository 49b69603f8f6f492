import { setTimeout as delay } from 'node:timers/promises';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { type Ask, type Copy, type CopyEvent, guideCode } from './guide-code.ts';

const { CHANGES, readDiscussion, applyEvent } = guideCode();

/** Milliseconds after which a lost connection is opened again. */
const RETRY_AFTER = 20;

export interface FollowerOptions {
  name: string;
  /** The id of the article. */
  id: string;
  /** The socket's address. */
  url: string;
  authorization?: string | undefined;
  ask: Ask;
}

/** Keeps a copy of a discussion over a WebSocket, across lost connections, by the code of the guide. */
export class Follower {
  readonly name: string;
  readonly id: string;
  /** How often the whole discussion was read. */
  readings = 0;
  /** Number of events received, by type. */
  readonly received = new Map<string, number>();
  readonly #ask: Ask;
  readonly #client: Client;
  #copy: Copy | null = null;
  #failure: unknown;

  constructor({ name, id, url, authorization, ask }: FollowerOptions) {
    this.name = name;
    this.id = id;
    this.#ask = ask;
    this.#client = createClient({
      url,
      webSocketImpl: WebSocket,
      retryAttempts: Number.POSITIVE_INFINITY,
      shouldRetry: () => true,
      retryWait: () => delay(RETRY_AFTER),
      connectionParams: { authorization },
    });
    this.#start();
  }

  /** Null while the discussion is read. @throws when the subscription has failed */
  get copy(): Copy | null {
    if (this.#failure)
      throw new Error(`${this.name} failed: ${JSON.stringify(this.#failure)}`, { cause: this.#failure });
    return this.#copy;
  }

  /** Reads the discussion anew, as this viewer. */
  readAgain(): Promise<Copy> {
    return readDiscussion(this.#ask, this.id);
  }

  close(): void | Promise<void> {
    return this.#client.dispose();
  }

  #start(): void {
    this.#copy = null;
    this.#begin().catch((error) => {
      this.#failure = error;
    });
  }

  async #begin(): Promise<void> {
    this.#copy = await this.readAgain();
    this.readings += 1;
    // Each time the client connects, it sends the object with the cursor that it then has.
    const variables = { id: this.id, after: this.#copy.cursor };
    // Events that were sent before the gateway knew that the client has stopped belong to the former copy.
    let isStopped = false;
    const stop = this.#client.subscribe<{ commentEvents: CopyEvent }>(
      { query: CHANGES, variables },
      {
        next: ({ data, errors }) => {
          if (errors) this.#failure = errors;
          if (!data || isStopped) return;
          const event = data.commentEvents;
          this.received.set(event.__typename, (this.received.get(event.__typename) ?? 0) + 1);
          if (event.__typename === 'ResyncRequired') {
            isStopped = true;
            stop();
            this.#start();
          } else {
            this.#copy = applyEvent(this.#copy!, event);
            variables.after = this.#copy.cursor;
          }
        },
        error: (error) => {
          this.#failure = error;
        },
        complete: () => undefined,
      },
    );
  }
}
