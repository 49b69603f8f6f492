import { end, LOAD_CORE, nextMessage, start, typescript } from '../servers/process.ts';

/** One request of many: a POST with a body, or a GET of a path. */
export interface LoadRequest {
  body?: string;
  path?: string;
  headers?: Record<string, string>;
}

/** One stretch of load on one server. */
export interface Job {
  url: string;
  /** Sent in turn. Each connection begins elsewhere; where there are very many, each connection sends a part of them. */
  requests: readonly LoadRequest[];
  connections: number;
  seconds: number;
  /** A shorter answer is not the one that was asked for, and fails the run. */
  leastBytes: number;
  /** So does one with another status. */
  status: number;
}

export interface Measurement {
  /** Answers a second. */
  perSecond: number;
  /** Milliseconds that half of the answers took at most. */
  p50: number;
  /** Milliseconds that 99 of 100 answers took at most. */
  p99: number;
  /** Bytes of an answer on average, headers included. */
  bytes: number;
  /** All answers, also those that came when the time was over. */
  answers: number;
}

export interface Load {
  /** @throws when a request fails or is refused, or an answer is too short */
  run(job: Job): Promise<Measurement>;
  stop(): Promise<void>;
}

/** Starts the process that sends the requests, on a core of its own where that is possible. */
export function startLoad(): Load {
  const child = start({ args: typescript('../load/worker.ts'), core: LOAD_CORE });
  return {
    run(job) {
      const measured = nextMessage<Measurement>(child);
      child.send(job);
      return measured;
    },
    stop: () => end(child),
  };
}
