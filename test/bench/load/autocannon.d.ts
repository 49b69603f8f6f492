// The part of autocannon that the load uses; the package brings no types of its own.
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  namespace autocannon {
    interface Request {
      method: string;
      path?: string;
      body?: string;
      headers: Record<string, string>;
    }
  }

  interface Client {
    setRequests(requests: readonly autocannon.Request[]): void;
  }

  interface Options {
    url: string;
    connections: number;
    /** Seconds. */
    duration: number;
    /** Milliseconds between samples; the run ends with one. */
    sampleInt?: number;
    setupClient?(client: Client): void;
  }

  interface Result {
    errors: number;
  }

  function autocannon(options: Options, done: (error: Error | null, result: Result) => void): EventEmitter;

  export default autocannon;
}
