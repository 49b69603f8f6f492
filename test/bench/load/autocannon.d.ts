// The part of autocannon that the load uses; the package brings no types of its own.
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  interface Client {
    setRequests(requests: readonly { body: string }[]): void;
  }

  interface Options {
    url: string;
    connections: number;
    /** Seconds. */
    duration: number;
    /** Milliseconds between samples; the run ends with one. */
    sampleInt?: number;
    method?: string;
    headers?: Record<string, string>;
    setupClient?(client: Client): void;
  }

  interface Result {
    errors: number;
    timeouts: number;
    non2xx: number;
  }

  export default function autocannon(
    options: Options,
    done: (error: Error | null, result: Result) => void,
  ): EventEmitter;
}
