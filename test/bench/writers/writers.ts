import { end, LOAD_CORE, nextMessage, start, typescript } from '../servers/process.ts';

/** POST requests to send. */
export interface Writing {
  url: string;
  /** What each sends, in turn; every `%n` in it becomes the request's number, from 0. */
  bodies: readonly string[];
  /** Sent with each; `%n` in a value is replaced, too. */
  headers?: Readonly<Record<string, string>>;
  posts: number;
  /** Requests under way at a time, each on a connection that is kept. */
  connections: number;
  /** Milliseconds from one request to the next, answered or not; without it, each connection sends when it is answered. */
  every?: number;
}

export interface Post {
  /** The clock when it was sent, and when its answer was there. */
  sentAt: number;
  answeredAt: number;
  answer: string;
}

export interface Writers {
  /** @returns in the order of sending. @throws when one is not answered with 200 */
  post(writing: Writing): Promise<Post[]>;
  stop(): Promise<void>;
}

/** Starts the process that writes. The one that reads is not kept waiting by it, nor it by that. */
export function startWriters(): Writers {
  const child = start({ args: typescript('../writers/worker.ts'), core: LOAD_CORE });
  return {
    post(writing) {
      const posted = nextMessage<Post[]>(child);
      child.send(writing);
      return posted;
    },
    stop: () => end(child),
  };
}
