import { end, LOAD_CORE, nextMessage, start, typescript } from '../servers/process.ts';

/** Readers who open one page after another. */
export interface Visit {
  url: string;
  /** POST bodies, sent in turn. */
  bodies: readonly string[];
  /** Each has an address of its own. */
  readers: number;
  /** The first two parts of their IPv4 addresses: the budgets of one visit are not those of another. */
  network: string;
  /** Milliseconds from an answer to the next request. */
  pause: number;
  seconds: number;
}

export interface VisitResult {
  requests: number;
  /** Milliseconds from a request to the end of its answer. */
  p50: number;
  p99: number;
  longest: number;
  /** Requests without data, by what came instead. */
  failures: Record<string, number>;
}

export interface Visitors {
  visit(visit: Visit): Promise<VisitResult>;
  stop(): Promise<void>;
}

/** Starts the process of the readers. */
export function startVisitors(): Visitors {
  const child = start({ args: typescript('../visitors/worker.ts'), core: LOAD_CORE });
  return {
    visit(visit) {
      const result = nextMessage<VisitResult>(child);
      child.send(visit);
      return result;
    },
    stop: () => end(child),
  };
}
